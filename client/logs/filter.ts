import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { isFlag, isListOf, isObject, isOrNull, isText } from '../../protocol/values.ts';

/** Which lines of a log are shown. */
export interface LogFilter {
  /** All for `null`, also those that are yet to come. */
  stages: string[] | null;
  streams: string[] | null;
  /** States, health checks and ends. */
  areStatesShown: boolean;
}

export const noFilter: LogFilter = { stages: null, streams: null, areStatesShown: true };

/** All streams there are. */
export const streams = ['stdout', 'stderr', 'agent'] as const;

/** Whether an event is shown; what is missing is told in any case. */
export function isShown(event: DeploymentEvent, { stages, streams, areStatesShown }: LogFilter): boolean {
  if (event.type === 'gap') return true;
  if (event.type !== 'log') return areStatesShown;
  return (stages?.includes(event.stage) ?? true) && (streams?.includes(event.stream) ?? true);
}

export function isFiltered({ stages, streams, areStatesShown }: LogFilter): boolean {
  return stages !== null || streams !== null || !areStatesShown;
}

export function isLogFilter(value: unknown): value is LogFilter {
  if (!isObject(value)) return false;
  const isTexts = (one: unknown) => isListOf(one, isText);
  return (
    isOrNull(value.stages, isTexts as (one: unknown) => one is string[]) &&
    isOrNull(value.streams, isTexts as (one: unknown) => one is string[]) &&
    isFlag(value.areStatesShown)
  );
}

/** Makes a filter of what was picked out of what is there; all of it is no filter. */
export function filterOf(
  picked: { stages: readonly string[]; streams: readonly string[]; areStatesShown: boolean },
  there: readonly string[],
): LogFilter {
  const { areStatesShown } = picked;
  return {
    stages: there.every((one) => picked.stages.includes(one)) ? null : [...picked.stages],
    streams: streams.every((one) => picked.streams.includes(one)) ? null : [...picked.streams],
    areStatesShown,
  };
}
