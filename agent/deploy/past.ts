import { type DeploymentResult, type DeploymentState, isResult } from '../../protocol/deployment.ts';
import type { Journal } from '../journal/journal.ts';

/** What the journal of a deployment says of an earlier life. */
export interface Past {
  state: DeploymentState;
  reason: string | undefined;
  /** How it ended, where nothing more is to be told. */
  ended: DeploymentResult | undefined;
  /** How many lines of each hook are told, by `RUN STREAM`. */
  lines: Map<string, number>;
}

export async function readPast(journal: Journal): Promise<Past> {
  const past: Past = { state: 'accepted', reason: undefined, ended: undefined, lines: new Map() };
  for await (const event of journal.events(0)) {
    if (event.type === 'state') {
      past.state = event.state;
      past.reason = event.reason ?? past.reason;
    }
    if (event.type === 'end') past.ended = event.result;
    if (event.type === 'log' && event.stream !== 'agent') {
      const key = `${event.stage} ${event.stream}`;
      past.lines.set(key, (past.lines.get(key) ?? 0) + 1);
    }
  }
  return past;
}

/** The state, where it is an end. */
export function resultOf(past: Past): DeploymentResult | undefined {
  return isResult(past.state) ? past.state : undefined;
}
