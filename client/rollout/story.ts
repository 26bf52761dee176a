import type { DeploymentState } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { LogLine } from '../../protocol/deploymentView.ts';
import { foreignText } from '../../remote/logs/foreignText.ts';

/** What a box has told of its deployment; grows as it tells more. */
export interface Story {
  /** The number of the first event that is here; from 1 on it is whole. */
  first: number;
  /** The number of the last event; 0 where nothing was told yet. */
  last: number;
  states: DeploymentState[];
  /** The last lines. */
  lines: LogLine[];
  /** The number of the line that tells why it failed. */
  failing: number | null;
  /** It told that it has ended: no more comes. */
  isOver: boolean;
}

export function newStory(): Story {
  return { first: 1, last: 0, states: [], lines: [], failing: null, isOver: false };
}

/** So many lines of a box are kept for the page; the box has them all. */
const mostLines = 5000;

/** Takes in an event. What was told already counts once. */
export function takeIn(story: Story, event: DeploymentEvent): void {
  if (event.seq <= story.last) return;
  if (story.last === 0) story.first = firstOf(event);
  story.last = event.seq;
  if (event.type === 'state') story.states.push(event.state);
  if (event.type === 'end') story.isOver = true;
  story.lines.push(...linesOf(event));
  // In large steps, since each step moves all of them.
  if (story.lines.length > 2 * mostLines) story.lines.splice(0, mostLines);
  if (event.type === 'state' && isBad(event.state)) story.failing ??= failingLine(story.lines);
}

/** A story with what was told before it began to be heard, and after nobody listened any more; `events` are those from the first one on. */
export function withHistory(story: Story | undefined, events: readonly DeploymentEvent[]): Story {
  const before = newStory();
  const heardFrom = story === undefined || story.last === 0 ? Number.POSITIVE_INFINITY : story.first;
  for (const event of events) {
    if (event.seq < heardFrom) takeIn(before, event);
  }
  if (story === undefined || story.last === 0) return before;
  const whole: Story = {
    ...{ first: before.last === 0 ? story.first : before.first, last: story.last },
    ...{ states: [...before.states, ...story.states], lines: [...before.lines, ...story.lines] },
    ...{ isOver: story.isOver, failing: story.failing },
  };
  for (const event of events) takeIn(whole, event);
  return { ...whole, failing: failingLine(whole.lines) };
}

/** A gap has the number of its end. */
function firstOf(event: DeploymentEvent): number {
  return event.type === 'gap' ? event.from : event.seq;
}

function linesOf(event: DeploymentEvent): LogLine[] {
  const { seq, time } = event;
  switch (event.type) {
    case 'log':
      return [
        { seq, time, stage: foreignText(event.stage), kind: event.stream, text: foreignText(event.text) },
      ];
    case 'health': {
      const kind = event.isHealthy ? 'health' : 'stderr';
      return [{ seq, time, stage: foreignText(event.check), kind, text: foreignText(event.text) }];
    }
    case 'state': {
      const kind = isBad(event.state) ? 'fault' : 'state';
      const why = event.reason === undefined ? '' : `: ${foreignText(event.reason)}`;
      return [{ seq, time, stage: '', kind, text: `${event.state.replaceAll('_', ' ')}${why}` }];
    }
    case 'gap':
      return [{ seq, time, stage: '', kind: 'gap', text: `${event.to - event.from + 1}` }];
    case 'end':
      return [];
  }
}

function isBad(state: DeploymentState): boolean {
  return ['rolling_back', 'failed', 'rolled_back', 'unknown'].includes(state);
}

/** The last complaint before the deployment turned back; the turn itself where nobody complained. */
function failingLine(lines: readonly LogLine[]): number | null {
  const turn = lines.findIndex((one) => one.kind === 'fault');
  if (turn === -1) return null;
  const before = lines.slice(0, turn);
  const since = before.findLastIndex((one) => one.kind === 'state');
  const complaint = before.slice(since + 1).findLast((one) => one.kind === 'stderr');
  return complaint?.seq ?? lines[turn]?.seq ?? null;
}
