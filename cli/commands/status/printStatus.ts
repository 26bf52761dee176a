import type { AppStatus } from '../../../protocol/appStatus.ts';
import type { Deployment } from '../../../protocol/deployment.ts';
import { ageText } from '../../output/age.ts';
import { foreignText } from '../../output/foreignText.ts';
import { colorsFor } from '../../output/problems.ts';
import { tableText } from '../../output/table.ts';
import type { BoxStatus } from './showStatus.ts';

type Colors = ReturnType<typeof colorsFor>;

const head = [
  'environment',
  'cluster',
  'box',
  'app',
  'live',
  'since',
  'previous',
  'running',
  'last deployment',
];

/** Prints a line for each app of each box, environments and clusters together. */
export function printStatus(found: readonly BoxStatus[]): void {
  const colors = colorsFor(process.stdout);
  const now = Date.now();
  const rows = grouped(found).flatMap((one) => rowsOf(one, now, colors));
  process.stdout.write(tableText(head, rows, colors));
}

/** Environments and clusters in the order of their first boxes. */
function grouped(found: readonly BoxStatus[]): BoxStatus[] {
  const groups = new Map<string, Map<string, BoxStatus[]>>();
  for (const one of found) {
    const { environment, cluster = '' } = one.box;
    const clusters = groups.get(environment) ?? new Map<string, BoxStatus[]>();
    groups.set(environment, clusters.set(cluster, [...(clusters.get(cluster) ?? []), one]));
  }
  return [...groups.values()].flatMap((clusters) => [...clusters.values()].flat());
}

function rowsOf({ box, apps, failure }: BoxStatus, now: number, colors: Colors): string[][] {
  const place = [box.environment, box.cluster ?? '-', box.name];
  const nothing = ['-', '-', '-', '-', '-'];
  if (failure !== undefined) return [[...place, ...nothing, colors.red(foreignText(failure.message))]];
  if (apps.length === 0) return [[...place, ...nothing, colors.dim('nothing was deployed')]];
  return apps.map((app) => [...place, ...appCells(app, now, colors)]);
}

function appCells(status: AppStatus, now: number, colors: Colors): string[] {
  const { app, live, since, previous, running, last } = status;
  const isRunning = last !== null && last.id === running;
  return [
    foreignText(app),
    live === null ? '-' : colors.bold(foreignText(live)),
    since === null ? '-' : ageText(now - since),
    foreignText(previous ?? '-'),
    running === null ? '-' : colors.yellow(isRunning ? runningText(last, now) : foreignText(running)),
    last === null || isRunning ? '-' : lastText(last, now, colors),
  ];
}

function runningText({ action, version, state, user, created }: Deployment, now: number): string {
  return foreignText(`${action} ${version} by ${user}: ${state}, for ${ageText(now - created)}`);
}

const mostReason = 100;

function lastText(last: Deployment, now: number, colors: Colors): string {
  const { action, version, result, user, updated, reason } = last;
  const what = foreignText(`${action} ${version} by ${user}`);
  if (result === null) return `${what}: waits`;
  const why = reason === null ? '' : `: ${shortened(foreignText(reason))}`;
  const paint = result === 'done' ? colors.green : colors.red;
  return `${what} ${paint(result)} ${ageText(now - updated)} ago${result === 'done' ? '' : why}`;
}

function shortened(text: string): string {
  return text.length > mostReason ? `${text.slice(0, mostReason)}…` : text;
}
