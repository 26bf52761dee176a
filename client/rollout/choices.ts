import * as vscode from 'vscode';
import type { AppStatus } from '../../protocol/appStatus.ts';
import { askAll } from '../../remote/askAll.ts';
import { foreignText } from '../../remote/logs/foreignText.ts';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';
import { runTool } from '../node/tool.ts';
import type { Choice } from './input.ts';
import { type AppOf, appsWithBoxes, environmentsOf, isProtected } from './runsOn.ts';
import { agoText, readVersions, type VersionRow } from './versions.ts';

/** The apps that have boxes: that of the active file first, then the one that was deployed last. */
export function appChoices(
  boxes: readonly FleetBox[],
  file: vscode.Uri | undefined,
  last: string | undefined,
): Choice<AppOf>[] {
  const several = new Set(boxes.map(({ workspace }) => workspace.root)).size > 1;
  return appsWithBoxes(boxes, file?.toString(), last).map((value) => ({
    label: value.app,
    ...(several ? { description: vscode.Uri.parse(value.workspace.root).fsPath } : {}),
    value,
  }));
}

/** The environments in which an app has boxes; what is active in the editor first. */
export function environmentChoices(
  of: AppOf,
  boxes: readonly FleetBox[],
  active: string | undefined,
): Choice<string>[] {
  return environmentsOf(of, boxes, active).map(({ name, count }) => {
    const lock = isProtected(of.workspace, name) ? `$(lock) ${vscode.l10n.t('protected')} · ` : '';
    const text = count === 1 ? vscode.l10n.t('1 box') : vscode.l10n.t('{0} boxes', count);
    return { label: name, description: `${lock}${text}`, value: name };
  });
}

export function boxChoices(boxes: readonly FleetBox[], live: LiveVersions, app: string): Choice<FleetBox>[] {
  return boxes.map((box) => {
    const status = live.get(box.name);
    const runs =
      status === undefined ? '' : ` · ${status.live ?? vscode.l10n.t('{0} is not there yet', app)}`;
    return { label: box.name, description: `${box.cluster ?? box.url}${runs}`, value: box };
  });
}

/** What is known of an app on boxes, by their names. */
export type LiveVersions = ReadonlyMap<string, AppStatus>;

/** So long a box is waited for that only tells what is live, in milliseconds. */
const patienceMs = 4000;

/** Asks boxes what is live; those that do not answer soon are left out. */
export async function liveVersions(
  fleet: Fleet,
  boxes: readonly FleetBox[],
  app: string,
  signal: AbortSignal,
): Promise<LiveVersions> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const found = await askAll(boxes, soon, async (box) => {
    const known = fleet.state(box)?.apps?.find((one) => one.app === app);
    if (known !== undefined) return known;
    return await askOne(fleet, box, app, soon).catch(() => undefined);
  });
  return new Map(
    boxes.flatMap((box, at) => {
      const status = found[at];
      return status === undefined ? [] : [[box.name, status] as const];
    }),
  );
}

async function askOne(fleet: Fleet, box: FleetBox, app: string, signal: AbortSignal): Promise<AppStatus> {
  const gone = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true });
  });
  const asked = fleet.agent(box).then((agent) => agent.app(app, signal));
  return await Promise.race([asked, gone]);
}

/** So many versions are told with their commits. */
const mostFacts = 100;

/** A version, or the latest one, whichever that is when boxes look for it. */
export type VersionChoice = { version: string } | 'latest';

/** Where the versions of an app are asked for. */
export interface VersionsOf extends AppOf {
  channel: string;
  /** The file of the bundled command. */
  command: string;
}

/** The versions of an app, newest first, with which boxes run them; what the boxes find themselves at last. */
export async function versionChoices(
  of: VersionsOf,
  live: Promise<LiveVersions>,
  signal: AbortSignal,
): Promise<Choice<VersionChoice>[]> {
  const [listed, known] = await Promise.all([listVersions(of, signal), live]);
  const rows = typeof listed === 'string' ? [] : listed.versions;
  const latest = typeof listed === 'string' ? null : listed.latest;
  const own: Choice<VersionChoice> = {
    label: vscode.l10n.t('$(cloud-download) Latest of {0}', of.channel),
    detail: typeof listed === 'string' ? listed : vscode.l10n.t('Whichever it is when the boxes look'),
    value: 'latest',
  };
  const line: Choice<VersionChoice> = { label: '', kind: vscode.QuickPickItemKind.Separator };
  return [
    ...rows.map((row) => versionChoice(row, row.version === latest, known)),
    ...(rows.length === 0 ? [] : [line]),
    own,
  ];
}

/** The versions, or why they cannot be listed. */
async function listVersions({ workspace, app, channel, command }: VersionsOf, signal: AbortSignal) {
  const folder = vscode.Uri.parse(workspace.root).fsPath;
  const series = [app, '--channel', channel, '-C', folder];
  const args = ['artifacts', 'versions', ...series, '--json', '--facts', String(mostFacts)];
  try {
    const { code, stdout, stderr } = await runTool(
      { file: command, args, cwd: folder, env: { NO_COLOR: '1' } },
      signal,
    );
    signal.throwIfAborted();
    const list = code === 0 ? readVersions(stdout) : undefined;
    const why = foreignText(stderr.trim().split('\n').at(-1) ?? '').replace(/^strata: /, '');
    return list ?? vscode.l10n.t('The versions cannot be listed here: {0}', why);
  } catch (error) {
    return vscode.l10n.t('The versions cannot be listed here: {0}', (error as Error).message);
  }
}

function versionChoice(row: VersionRow, isLatest: boolean, live: LiveVersions): Choice<VersionChoice> {
  const { version, uploaded, commit, branch, message, builder, refused } = row;
  const boxes = [...live].filter(([, status]) => status.live === version).map(([box]) => box);
  const ms = Date.now() - Date.parse(uploaded);
  const facts = [
    isLatest ? vscode.l10n.t('latest') : '',
    (commit ?? '').slice(0, 8),
    branch ?? '',
    Number.isNaN(ms) ? '' : agoText(ms, vscode.env.language),
    builder ?? '',
  ];
  const runs = boxes.length === 0 ? '' : vscode.l10n.t('runs on {0}', boxes.join(', '));
  const may = refused ? vscode.l10n.t('refused: {0}', refused) : '';
  const said = (texts: readonly string[]) => foreignText(texts.filter((text) => text !== '').join(' · '));
  const icon = refused ? '$(error)' : boxes.length > 0 ? '$(pass-filled)' : '$(package)';
  return {
    ...{ label: `${icon} ${version}`, description: said(facts), detail: said([runs, may, message ?? '']) },
    value: { version },
  };
}

/** The releases to go back to: the one before first. */
export function releaseChoices(boxes: readonly FleetBox[], live: LiveVersions): Choice<VersionChoice>[] {
  const before = boxes.map(({ name }) => `${name}: ${live.get(name)?.previous ?? '?'}`).join(', ');
  const versions = new Map<string, { boxes: string[]; completed: number }>();
  for (const { name } of boxes) {
    const status = live.get(name);
    for (const { version, completed } of status?.releases ?? []) {
      if (version === status?.live) continue;
      const known = versions.get(version) ?? { boxes: [], completed };
      versions.set(version, { boxes: [...known.boxes, name], completed: known.completed });
    }
  }
  const rows = [...versions].sort(([, a], [, b]) => b.completed - a.completed);
  return [
    { label: vscode.l10n.t('$(history) The release before'), description: before, value: 'latest' },
    ...rows.map(([version, { boxes: on, completed }]) => ({
      label: `$(package) ${version}`,
      description: agoText(Date.now() - completed, vscode.env.language),
      detail: vscode.l10n.t('there on {0}', on.join(', ')),
      value: { version },
    })),
  ];
}
