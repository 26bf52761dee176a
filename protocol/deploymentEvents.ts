import { type DeploymentResult, type DeploymentState, isResult, isState } from './deployment.ts';
import { isCount, isFlag, isObject, isOrNothing, isText, isTime } from './values.ts';

/** What happens in a deployment. */
export type EventBody =
  | { type: 'state'; state: DeploymentState; reason?: string }
  | { type: 'log'; stage: string; stream: 'stdout' | 'stderr' | 'agent'; text: string }
  | { type: 'health'; check: string; isHealthy: boolean; text: string }
  /** Events that are gone, by their numbers, both ends included. */
  | { type: 'gap'; from: number; to: number }
  | { type: 'end'; result: DeploymentResult; reason?: string };

/** One of them as it is told. Numbers begin with 1, and each is one more than the last; a gap has that of its end. */
export type DeploymentEvent = EventBody & {
  seq: number;
  /** In milliseconds since 1970, by the clock of the box. */
  time: number;
};

/** How often a silent stream of events says that it lives, in milliseconds. */
export const heartbeatMs = 10_000;

/** Whether it is an event of a kind that is known here. */
export function isDeploymentEvent(value: unknown): value is DeploymentEvent {
  if (!isObject(value) || !isCount(value.seq) || !isTime(value.time)) return false;
  const isKind = Object.hasOwn(kinds, String(value.type))
    ? kinds[value.type as EventBody['type']]
    : undefined;
  return isKind?.(value) ?? false;
}

type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<EventBody['type'], (event: Fields) => boolean>> = {
  state: ({ state, reason }) => isState(state) && isOrNothing(reason, isText),
  log: ({ stage, stream, text }) => isText(stage) && isText(text) && isStream(stream),
  health: ({ check, isHealthy, text }) => isText(check) && isFlag(isHealthy) && isText(text),
  gap: ({ from, to, seq }) => isCount(from) && isCount(to) && from <= to && to === seq,
  end: ({ result, reason }) => isResult(result) && isOrNothing(reason, isText),
};

function isStream(value: unknown): boolean {
  return value === 'stdout' || value === 'stderr' || value === 'agent';
}
