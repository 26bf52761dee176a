import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { FleetBox } from '../fleet/fleet.ts';

/** An app of a workspace. */
export interface AppOf {
  workspace: WorkspaceInfo;
  app: string;
}

/** Whether an app runs on a box. */
export function runsOn({ workspace, app }: AppOf, box: FleetBox): boolean {
  return box.workspace.root === workspace.root && (box.apps === null || box.apps.includes(app));
}

/** Whether whoever deploys to an environment is asked twice. */
export function isProtected({ environments }: WorkspaceInfo, environment: string): boolean {
  return environments.some((one) => one.name === environment && one.isProtected);
}

/**
 * The apps that have boxes: that of the active file first, then the one that was deployed last, then in the order of the manifests.
 * @param file the address of the active file.
 */
export function appsWithBoxes(
  boxes: readonly FleetBox[],
  file: string | undefined,
  last: string | undefined,
): AppOf[] {
  const workspaces = new Map(boxes.map(({ workspace }) => [workspace.root, workspace]));
  const apps = [...workspaces.values()].flatMap((workspace) =>
    workspace.apps.map(({ name, folder }) => ({ workspace, app: name, folder })),
  );
  const isActive = ({ folder }: (typeof apps)[number]) =>
    folder !== null && file !== undefined && `${file}/`.startsWith(`${folder.replace(/\/$/, '')}/`);
  const rank = (one: (typeof apps)[number]) => (isActive(one) ? 2 : Number(one.app === last));
  return apps
    .filter((one) => boxes.some((box) => runsOn(one, box)))
    .sort((a, b) => rank(b) - rank(a))
    .map(({ workspace, app }) => ({ workspace, app }));
}

/** The environments in which an app has boxes, with how many; the active one first. */
export function environmentsOf(
  of: AppOf,
  boxes: readonly FleetBox[],
  active: string | undefined,
): { name: string; count: number }[] {
  const there = boxes.filter((box) => runsOn(of, box));
  const names = [...new Set(there.map(({ environment }) => environment))];
  return names
    .sort((a, b) => Number(b === active) - Number(a === active))
    .map((name) => ({ name, count: there.filter(({ environment }) => environment === name).length }));
}
