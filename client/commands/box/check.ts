import * as vscode from 'vscode';
import type { Health } from '../../../remote/boxHealth.ts';
import type { Fleet, FleetBox } from '../../fleet/fleet.ts';
import type { Parts } from '../parts.ts';
import { tellNoBoxes } from './chosenBox.ts';
import { tellHealth } from './tellHealth.ts';

/** So many boxes are asked at a time. */
const together = 16;

/** **Strata: Check Boxes**: asks all boxes how they are: version, clock, certificate, and whether they take the token. */
export async function checkBoxes({ fleet }: Parts): Promise<void> {
  const boxes = await fleet.load();
  if (boxes.length === 0) return tellNoBoxes();
  const title = vscode.l10n.t('Checking boxes');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const found = await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return await askAll(fleet, boxes, stop.signal, (done) => {
      const message = vscode.l10n.t('{0} of {1}', done, boxes.length);
      progress.report({ message, increment: 100 / boxes.length });
    });
  });
  const chosen = await vscode.window.showQuickPick(
    found.map((one) => choice(one)),
    {
      title: vscode.l10n.t('Check Boxes'),
      placeHolder: summary(found),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  if (chosen !== undefined) await tellHealth(fleet, chosen.box);
}

type Found = { box: FleetBox; health: Health };

async function askAll(
  fleet: Fleet,
  boxes: readonly FleetBox[],
  signal: AbortSignal,
  tell: (done: number) => void,
): Promise<Found[]> {
  const found: Found[] = [];
  const waiting = [...boxes.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, box] = next;
      found[index] = { box, health: await fleet.health(box, signal) };
      tell(found.filter(Boolean).length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, boxes.length) }, worker));
  return found;
}

/** Whatever is not the same everywhere is worth a word. */
function summary(found: readonly Found[]): string {
  const faulty = found.filter(({ health }) => health.faults.length > 0).length;
  const versions = [...new Set(found.flatMap(({ health }) => health.version ?? []))];
  const first =
    faulty === 0
      ? vscode.l10n.t('All is well')
      : vscode.l10n.t('Something is wrong with {0} of {1}', faulty, found.length);
  return versions.length > 1
    ? `${first} · ${vscode.l10n.t('versions differ: {0}', versions.join(', '))}`
    : first;
}

function choice({ box, health }: Found): vscode.QuickPickItem & Found {
  const { version, tookMs, skewMs, certificateEnds, faults } = health;
  const facts = [
    version === null ? [] : vscode.l10n.t('agent {0}', version),
    tookMs === null ? [] : `${Math.round(tookMs)} ms`,
    skewMs === null ? [] : vscode.l10n.t('clock {0} ms off', Math.round(skewMs)),
    certificateEnds === null
      ? []
      : vscode.l10n.t('certificate until {0}', new Date(certificateEnds).toLocaleDateString()),
  ].flat();
  return {
    label: `${faults.length === 0 ? '$(pass)' : '$(warning)'} ${box.name}`,
    description: facts.join(' · '),
    ...(faults.length === 0 ? {} : { detail: faults.join('; ') }),
    ...{ box, health },
  };
}
