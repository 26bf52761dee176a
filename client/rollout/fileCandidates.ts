import type { WorkspaceInfo } from '../../protocol/workspaces.ts';

/**
 * Where a layer that a box names may lie in the workspace it was built from, as addresses: a release has the layers of the app's
 * folder, the central ones are told by the name of their folder.
 */
export function fileCandidates(
  { root, apps }: Pick<WorkspaceInfo, 'root' | 'apps'>,
  app: string,
  file: string,
): string[] {
  const parts = file.split('/');
  // What a box says must not lead out of the workspace.
  if (file.startsWith('/') || parts.includes('..') || parts.includes('')) return [];
  const path = parts.map(encodeURIComponent).join('/');
  const folder = apps.find((one) => one.name === app)?.folder ?? root;
  return [...new Set([folder, root])].map((one) => `${one.replace(/\/$/, '')}/${path}`);
}
