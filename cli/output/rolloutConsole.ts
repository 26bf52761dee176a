import type { DeploymentState } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { RolloutEvent } from '../../remote/rollout/events.ts';
import { isBad, isGood, type RolloutBox } from '../../remote/rollout/record.ts';
import { boardOn, timeText } from './board.ts';
import { foreignText } from './foreignText.ts';
import { colorsFor } from './problems.ts';

/** Shows a rollout to a person. */
export interface RolloutConsole {
  tell(event: RolloutEvent): void;
  stop(): void;
}

type Colors = ReturnType<typeof colorsFor>;

/** So many lines of a deployment that failed are shown. */
const mostLines = 30;

interface View {
  colors: Colors;
  /** On a terminal a line for each box changes; elsewhere each change is a line. */
  isMoving: boolean;
  /** The last lines of each box. */
  logs: Map<string, string[]>;
  /** Says what a box is at; nothing when it is through. */
  set(box: string, what: string | undefined): void;
}

/** A line for each box, with what it is at and for how long; on no terminal, a line for each thing that happens. */
export function rolloutConsole(stream: NodeJS.WriteStream): RolloutConsole {
  const board = boardOn(stream);
  const view: View = {
    colors: colorsFor(stream),
    isMoving: stream.isTTY === true,
    logs: new Map(),
    set: board.set,
  };
  return {
    tell(event) {
      const lines = linesOf(view, event);
      if (lines.length > 0) board.write(lines.map((line) => `${line}\n`).join(''));
    },
    stop: board.stop,
  };
}

/** What is written of something that happened. */
function linesOf(view: View, event: RolloutEvent): string[] {
  const { colors } = view;
  switch (event.type) {
    case 'batch': {
      const what = `${event.isCanary ? 'canary' : 'batch'} ${event.batch} of ${event.of}: ${event.boxes.join(', ')}`;
      return event.of === 1 ? [] : [colors.dim(what)];
    }
    case 'accepted':
      view.set(event.box, 'accepted');
      return [`${event.box}: accepted as deployment ${foreignText(event.deployment)}`];
    case 'event':
      return eventLines(view, event.box, event.event);
    case 'ended':
      return endLines(view, event.result);
    case 'out':
      return outLines(view, event);
    case 'in':
      return inLines(view, event);
    case 'stopped':
      return [colors.yellow(`no other box is begun: ${event.message ?? whyText[event.reason]}`)];
    default:
      return meanwhileLines(view, event);
  }
}

function outLines({ colors, isMoving, set }: View, event: Extract<RolloutEvent, { type: 'out' }>): string[] {
  const { box, balancer, state, message } = event;
  const more = message === null ? '' : foreignText(message);
  switch (state) {
    case 'begun':
      set(box, `is taken out of ${balancer}`);
      return isMoving ? [] : [`${box}: is taken out of ${balancer}`];
    case 'waiting':
      set(box, `waits until another box is back in ${balancer}`);
      return isMoving ? [] : [`${box}: waits until another box is back in ${balancer}`];
    case 'kept':
      return [colors.yellow(`${box}: stays in ${balancer}: ${more}`)];
    case 'done':
      return [`${box}: out of ${balancer}`, ...(more === '' ? [] : [colors.yellow(`${box}: ${more}`)])];
  }
}

function inLines({ colors, isMoving, set }: View, event: Extract<RolloutEvent, { type: 'in' }>): string[] {
  const { box, balancer, state, message } = event;
  switch (state) {
    case 'begun':
      set(box, `is put back into ${balancer}`);
      return isMoving ? [] : [`${box}: is put back into ${balancer}`];
    case 'done':
      return [`${box}: back in ${balancer}`];
    case 'failed':
      return [colors.red(`${box}: not back in ${balancer}: ${foreignText(message ?? '')}`)];
  }
}

type Meanwhile = Extract<RolloutEvent, { type: 'away' | 'back' | 'cancelling' | 'left' | 'left_out' }>;

function meanwhileLines({ colors, set }: View, event: Meanwhile): string[] {
  const { box } = event;
  switch (event.type) {
    case 'away':
      set(box, 'out of reach');
      return [colors.yellow(`${box}: out of reach (${foreignText(event.reason)}); it goes on meanwhile`)];
    case 'back':
      set(box, 'is back');
      return [`${box}: is back`];
    case 'cancelling':
      return event.reason === null
        ? [`${box}: asked to stop`]
        : [colors.yellow(`${box}: could not be asked to stop: ${foreignText(event.reason)}`)];
    case 'left':
      set(box, undefined);
      return [
        colors.yellow(`${box}: goes on by itself`),
        ...event.outOf.map((name) => colors.red(`${box}: IS STILL OUT of ${name}`)),
      ];
    case 'left_out':
      return [
        colors.red(`${box}: IS LEFT OUT of ${event.balancers.join(', ')}: ${foreignText(event.message)}`),
      ];
  }
}

const whyText = {
  failures: 'too many have failed',
  canary: 'the canary has failed',
  asked: 'the rollout was stopped',
  record: 'its record cannot be kept',
} as const;

function eventLines(view: View, box: string, event: DeploymentEvent): string[] {
  switch (event.type) {
    case 'state':
      return stateLines(view, box, event.state);
    case 'log':
      keepLine(view, box, `${event.stage}: ${event.text}`);
      return [];
    case 'health':
      view.set(box, event.isHealthy ? 'healthy' : 'not healthy yet');
      keepLine(view, box, `health: ${event.text}`);
      return [];
    case 'gap':
      keepLine(view, box, `(${event.to - event.from + 1} events are gone)`);
      return [];
    case 'end':
      return [];
  }
}

/** States that are told in other words. */
const ownWords: readonly DeploymentState[] = ['accepted', 'done', 'failed', 'rolled_back', 'unknown'];

function stateLines({ colors, isMoving, set }: View, box: string, state: DeploymentState): string[] {
  const text = state.replaceAll('_', ' ');
  set(box, text);
  if (state === 'rolling_back') return [colors.yellow(`${box}: ${text}`)];
  return isMoving || ownWords.includes(state) ? [] : [`${box}: ${text}`];
}

function keepLine({ logs }: View, box: string, text: string): void {
  const lines = logs.get(box) ?? [];
  lines.push(foreignText(text));
  if (lines.length > mostLines) lines.shift();
  logs.set(box, lines);
}

function endLines({ colors, logs, set }: View, one: RolloutBox): string[] {
  const lines = isBad(one) ? (logs.get(one.box) ?? []) : [];
  set(one.box, undefined);
  logs.delete(one.box);
  if (one.outcome === 'not_started') return [];
  const took = one.began === null || one.ended === null ? '' : ` (${timeText(one.ended - one.began)})`;
  const why = one.reason === null ? '' : `: ${foreignText(one.reason)}`;
  return [
    ...lines.map((text) => `${colors.dim(`${one.box} |`)} ${text}`),
    `${one.box}: ${outcomeText(one, colors)}${took}${why}`,
  ];
}

/** How a box fared, in words. */
export function outcomeText(one: RolloutBox, colors: Colors): string {
  const text = one.outcome === null ? 'goes on' : one.outcome.replaceAll('_', ' ');
  if (isGood(one)) return colors.green(text);
  return isBad(one) ? colors.red(text) : colors.yellow(text);
}
