import type { DeploymentState } from '../../protocol/deployment.ts';
import {
  type CellState,
  type Column,
  type DeploymentRow,
  type DeploymentView,
  type RowState,
  stages,
} from '../../protocol/deploymentView.ts';
import { foreignText } from '../../remote/logs/foreignText.ts';
import { isOver, retried, reverted } from '../../remote/rollout/again.ts';
import { isGood, type Rollout, type RolloutBox } from '../../remote/rollout/record.ts';
import { newStory, type Story } from './story.ts';

/** What is known of a rollout in this window. */
export interface Watched {
  rollout: Rollout;
  stories: ReadonlyMap<string, Story>;
  /** Why boxes cannot be reached for a while. */
  away: ReadonlyMap<string, string>;
  /** Boxes that were asked to stop. */
  cancelling: ReadonlySet<string>;
  /** Somebody follows it here; it was asked to stop; nobody waits for what runs. */
  state: 'running' | 'stopping' | 'idle';
}

/** The columns of a deployment's page. */
export function columnsOf({ rollout: { boxes } }: Watched): Column[] {
  return boxes.some(isBalanced) ? ['out', ...stages, 'in'] : [...stages];
}

function isBalanced({ balancing }: RolloutBox): boolean {
  return balancing !== undefined;
}

/** The rows of a deployment's page, in the order in which boxes are begun. */
export function rowsOf(watched: Watched): DeploymentRow[] {
  return watched.rollout.boxes.map((one) => rowOf(watched, one));
}

function rowOf(watched: Watched, one: RolloutBox): DeploymentRow {
  const story = watched.stories.get(one.box) ?? newStory();
  const away = watched.away.get(one.box);
  const reason = one.outcome === null ? (away ?? null) : one.reason;
  return {
    ...{ box: one.box, isCanary: one.isCanary, from: one.previous, to: one.version },
    cells: watched.rollout.boxes.some(isBalanced)
      ? [outCell(one), ...cellsOf(one, story), inCell(one)]
      : cellsOf(one, story),
    state: stateOf(watched, one, story),
    reason: reason === null ? null : foreignText(reason),
    ...{ began: one.began, ended: one.ended },
  };
}

function stateOf({ state, away, cancelling }: Watched, one: RolloutBox, { states }: Story): RowState {
  if (one.outcome !== null) return one.outcome;
  if (!one.isBegun) return state === 'idle' ? 'not_started' : 'waiting';
  if (state === 'idle') return 'left';
  if (away.has(one.box)) return 'away';
  const stage = one.balancing?.stage;
  if (stage === 'leaving' || stage === 'returning') return stage;
  if (states.includes('rolling_back')) return 'rolling_back';
  return cancelling.has(one.box) ? 'cancelling' : 'running';
}

/** Whether it was taken out of its balancers. */
function outCell({ balancing, outcome }: RolloutBox): CellState {
  switch (balancing?.stage) {
    case 'before':
      return outcome === null ? 'waiting' : 'skipped';
    case 'leaving':
      return outcome === null ? 'running' : 'failed';
    case undefined:
    case 'kept':
      return 'skipped';
    default:
      return 'done';
  }
}

/** Whether it was put back. */
function inCell({ balancing, outcome }: RolloutBox): CellState {
  switch (balancing?.stage) {
    case undefined:
    case 'kept':
      return 'skipped';
    case 'returning':
      return outcome === null ? 'running' : 'failed';
    case 'back':
      return 'done';
    case 'left_out':
      return 'failed';
    default:
      return outcome === null ? 'waiting' : 'skipped';
  }
}

function cellsOf(one: RolloutBox, { states, first }: Story): CellState[] {
  // Nothing was asked of it.
  if (one.deployment === null && (one.outcome !== null || one.isLive)) return all('skipped');
  if (one.outcome === 'done') return all('done');
  if (one.outcome === 'no_change') return all('skipped');
  // Where the beginning was not heard, nobody knows how far it came.
  if (first > 1 || (states.length === 0 && one.deployment !== null && one.outcome !== null)) {
    return all('unknown');
  }
  return stages.map((_, column) => cellOf(one, states, column));
}

function all(state: CellState): CellState[] {
  return stages.map(() => state);
}

function cellOf(one: RolloutBox, states: readonly DeploymentState[], column: number): CellState {
  const reached = stages.findLastIndex((stage) => states.includes(stage));
  const isUndone = states.includes('rolling_back') || one.outcome === 'rolled_back';
  const isOverHere = one.outcome !== null || states.some((state) => ends.includes(state));
  if (column <= reached) return isUndone && column >= committed ? 'undone' : 'done';
  if (column > reached + 1) return isOverHere || isUndone ? 'skipped' : 'waiting';
  if (isOverHere || isUndone) return 'failed';
  return one.isBegun && one.balancing?.stage !== 'leaving' ? 'running' : 'waiting';
}

const committed = stages.indexOf('committed');
const ends: readonly DeploymentState[] = ['failed', 'rolled_back', 'unknown'];

/** What may be done with a rollout now. */
export function possible({ rollout, state }: Watched): DeploymentView['can'] {
  const isEnded = isOver(rollout);
  return {
    cancel: state === 'running',
    leave: state === 'stopping',
    resume: state === 'idle' && !isEnded,
    retry: isEnded && retried(rollout).length > 0,
    rollBack: isEnded && rollout.action === 'deploy' && reverted(rollout).boxes.length > 0,
    logs: rollout.boxes.some(({ deployment }) => deployment !== null),
  };
}

/** How the whole stands. */
export function viewState({ rollout, state }: Watched): DeploymentView['state'] {
  if (state !== 'idle') return state;
  if (!isOver(rollout)) return 'left';
  return rollout.boxes.every(isGood) ? 'done' : 'bad';
}
