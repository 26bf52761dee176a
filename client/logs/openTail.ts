import * as vscode from 'vscode';
import { RemoteError } from '../../remote/failure.ts';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import type { LogFilter } from './filter.ts';
import { type BoxName, boxLabels, onlyOne, type TailQuestion } from './question.ts';
import type { Spool } from './spool/spool.ts';
import { openTailTerminal, type TailTerminal } from './terminal.ts';

/** A tail that is open. */
export interface OpenTail extends TailTerminal {
  readonly question: TailQuestion;
  /** The deployments that were shown. */
  deployments(): ShownDeployment[];
}

export interface ShownDeployment {
  box: BoxName;
  id: string;
  app: string;
  version: string;
}

/** Opens the terminal of a tail, which begins with what the spool has. */
export function openTail(fleet: Fleet, question: TailQuestion, filter: LogFilter, spool: Spool): OpenTail {
  const labels = boxLabels(question.boxes);
  const boxes = question.boxes.map((box, at) => {
    const label = labels[at] ?? box.name;
    return { label, open: async () => ({ ...(await fleet.agent(await boxOf(fleet, box))), box: label }) };
  });
  const { app, which } = question;
  const terminal = openTailTerminal(nameOf(question, labels), { app, which, boxes, filter, spool });
  return {
    ...terminal,
    question,
    deployments: () =>
      spool.deployments().flatMap(({ box: label, deployment: { id, app, version } }) => {
        const box = question.boxes[labels.indexOf(label)];
        return box === undefined ? [] : [{ box, id, app, version }];
      }),
  };
}

/** The box as its manifest has it now. Throws a `RemoteError` where it has none. */
export async function boxOf(fleet: Fleet, { root, name }: BoxName): Promise<FleetBox> {
  const box = (await fleet.load()).find((one) => one.workspace.root === root && one.name === name);
  if (box !== undefined) return box;
  throw new RemoteError(name, 'missing', vscode.l10n.t('the manifest no longer names it'));
}

const mostNamed = 3;

function nameOf({ app, which }: TailQuestion, labels: readonly string[]): string {
  const boxes = labels.length > mostNamed ? vscode.l10n.t('{0} boxes', labels.length) : labels.join(', ');
  const what = onlyOne(which) ?? app ?? vscode.l10n.t('all apps');
  return vscode.l10n.t('Log: {0} on {1}', what, boxes);
}
