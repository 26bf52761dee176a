import type { Connection } from 'vscode-languageserver';
import type { Workspace } from '../core/workspace/workspace.ts';
import { type WorkspaceInfo, type WorkspaceList, workspacesMethods } from '../protocol/workspaces.ts';
import { uriOfFile } from './lsp/uri.ts';
import type { Session } from './session.ts';

/** Answers what is asked of workspaces; what comes back tells the editor when they have become others than it knows. */
export function serveWorkspaces(connection: Connection, session: Session): { changed(): void } {
  let told: string | undefined;
  const list = (): WorkspaceList => ({
    workspaces: session.models().map(({ workspace }) => infoOf(workspace)),
  });
  connection.onRequest(workspacesMethods.workspaces, list);
  return {
    changed() {
      const now = list();
      const text = JSON.stringify(now);
      if (text === told) return;
      told = text;
      void connection.sendNotification(workspacesMethods.changed, now);
    },
  };
}

function infoOf(workspace: Workspace): WorkspaceInfo {
  const { root, manifest, apps, environments, boxes = [], balancers = [], configs } = workspace;
  const { artifacts, problems } = workspace;
  const mistake = problems.find((one) => one.severity === 'error');
  return {
    root: uriOfFile(root),
    manifest: manifest === undefined ? null : uriOfFile(manifest),
    mistake: mistake?.message ?? null,
    apps: apps.map(({ name, folder }) => ({ name, folder: folder === undefined ? null : uriOfFile(folder) })),
    environments: environments.map(({ name, clusters, isProtected = false }) => ({
      ...{ name, clusters: [...clusters], isProtected },
    })),
    boxes: boxes.map(({ name, url, environment, cluster = null, apps: run = null, labels }) => ({
      ...{ name, url, environment, cluster, apps: run, labels },
    })),
    balancers,
    configs: configs.map(uriOfFile),
    artifacts: artifacts === undefined ? null : { ...artifacts },
  };
}
