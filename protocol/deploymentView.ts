import { isObject, isText } from './values.ts';

/** The columns of the page of a deployment: states that a deployment goes through, in their order. */
export const stages = [
  'accepted',
  'fetched',
  'verified',
  'extracted',
  'prepared',
  'committed',
  'activated',
  'healthy',
] as const;

export type Stage = (typeof stages)[number];

/** A column of the page; before and behind the stages, whether a box is taken out of its balancers and put back, where some are. */
export type Column = 'out' | Stage | 'in';

/** How a stage of a box stands; `undone` was done and taken back, `skipped` is not come to any more. */
export type CellState = 'waiting' | 'running' | 'done' | 'failed' | 'undone' | 'skipped' | 'unknown';

/** How a box stands, or how it fared. */
export type RowState =
  | 'waiting'
  | 'running'
  | 'leaving'
  | 'returning'
  | 'rolling_back'
  | 'cancelling'
  | 'away'
  | 'left'
  | 'done'
  | 'no_change'
  | 'failed'
  | 'rolled_back'
  | 'unknown'
  | 'refused'
  | 'unreachable'
  | 'cancelled'
  | 'not_started';

/** One box. */
export interface DeploymentRow {
  box: string;
  isCanary: boolean;
  /** What was live before, and what is to be. */
  from: string | null;
  to: string | null;
  /** One for each column. */
  cells: CellState[];
  state: RowState;
  /** Why, in words. */
  reason: string | null;
  /** In milliseconds since 1970. */
  began: number | null;
  ended: number | null;
}

/** A deployment to several boxes as its page shows it. */
export interface DeploymentView {
  id: string;
  title: string;
  /** In words: how far it is, or what came of it. */
  summary: string;
  state: 'running' | 'stopping' | 'left' | 'done' | 'bad';
  columns: Column[];
  rows: DeploymentRow[];
  /** What may be done now. */
  can: Record<DeploymentAction, boolean>;
}

/** A line of the log of a box. */
export interface LogLine {
  /** The number of its event. */
  seq: number;
  /** In milliseconds since 1970, by the clock of the box. */
  time: number;
  /** What told it: a stage such as `prepare`, or the name of a check. */
  stage: string;
  kind: 'stdout' | 'stderr' | 'agent' | 'state' | 'fault' | 'health' | 'gap';
  text: string;
}

/** What the page is told. */
export type DeploymentMessage =
  | { type: 'deployment'; view: DeploymentView; texts: DeploymentTexts }
  /** The log of the box that is looked at, or what comes at its end. */
  | {
      type: 'log';
      box: string;
      lines: LogLine[];
      isMore: boolean;
      /** The number of the line that tells why it failed. */
      failing: number | null;
      /** What stands in place of a log that cannot be had. */
      note: string | null;
    };

/** What the page says to people, in their language. `{0}`, `{1}` stand for what is told. */
export interface DeploymentTexts {
  box: string;
  version: string;
  result: string;
  time: string;
  canary: string;
  cancel: string;
  leave: string;
  resume: string;
  retry: string;
  rollBack: string;
  /** Opens the logs of all boxes. */
  logs: string;
  /** `{0}` the box. */
  log: string;
  noLog: string;
  /** `{0}` the box, `{1}` the stage, `{2}` how it stands. */
  cell: string;
  stages: Record<Column, string>;
  cells: Record<CellState, string>;
  rows: Record<RowState, string>;
}

const actions = ['cancel', 'leave', 'resume', 'retry', 'rollBack', 'logs'] as const;

export type DeploymentAction = (typeof actions)[number];

/** What the page tells: it can show something, a person looks at a box, or wants something done. */
export type DeploymentAnswer =
  | { type: 'ready' }
  | { type: 'select'; box: string }
  | { type: 'do'; action: DeploymentAction };

/** Whether a message is from the page of a deployment. */
export function isDeploymentAnswer(value: unknown): value is DeploymentAnswer {
  if (!isObject(value)) return false;
  const { type, box, action } = value;
  if (type === 'ready') return true;
  if (type === 'select') return isText(box);
  return type === 'do' && actions.some((one) => one === action);
}
