import { yoconfigurator } from '../layers/scheme.ts';
import type { LayerSource } from '../source.ts';
import { inferApps, inferEnvironments } from './infer.ts';
import { findManifest, type Manifest, readManifest } from './manifest.ts';
import { type Found, walkFolder } from './walk.ts';
import { defaultPolicy, type Workspace } from './workspace.ts';

/**
 * Finds the workspaces in some folders: one for every manifest, and one for all the folders without, since
 * an app and its central config are often opened as two folders. What a manifest names belongs to its workspace
 * alone. A folder with nothing of ours gives none.
 */
export function discoverWorkspaces(source: LayerSource, roots: readonly string[]): Workspace[] {
  const manifests = new Set<string>();
  const bare: string[] = [];
  const found: Found = { manifests: [], apps: [], configs: [] };
  for (const root of roots) {
    const manifest = findManifest(source, root);
    if (manifest !== undefined) {
      manifests.add(manifest);
      continue;
    }
    bare.push(root);
    const here = walkFolder(source, root, yoconfigurator);
    found.apps.push(...here.apps);
    found.configs.push(...here.configs);
    for (const nested of here.manifests.flatMap((folder) => findManifest(source, folder) ?? []))
      manifests.add(nested);
  }
  const declared = [...manifests].map((file) => withInferred(source, readManifest(source, file)));
  // Workspaces are told apart by their roots.
  const [root] = bare;
  const left = withoutDeclared(found, declared);
  if (root === undefined || left.apps.length + left.configs.length === 0) return declared;
  return [...declared, inferWorkspace(source, root, left)];
}

function withoutDeclared(
  { apps, configs }: Found,
  declared: readonly Workspace[],
): Pick<Found, 'apps' | 'configs'> {
  const named = new Set(
    declared.flatMap((one) => [...one.configs, ...one.apps.flatMap(({ folder }) => folder ?? [])]),
  );
  const isLeft = (folder: string) => !named.has(folder);
  return { apps: apps.filter(isLeft), configs: configs.filter(isLeft) };
}

/** A workspace of given central directories and app folders; the environments are inferred. */
export function inferWorkspace(
  source: LayerSource,
  root: string,
  found: Pick<Found, 'apps' | 'configs'>,
): Workspace {
  const scheme = yoconfigurator;
  const apps = inferApps(source, scheme, found.apps, found.configs);
  const environments = inferEnvironments(source, scheme, found.configs, apps);
  const { configs } = found;
  return {
    root,
    scheme,
    configs,
    apps,
    environments,
    merge: defaultPolicy,
    yaml: '1.2',
    problems: [],
  };
}

/** Fills in what the manifest leaves out. */
function withInferred(source: LayerSource, manifest: Manifest): Workspace {
  const { root, scheme } = manifest;
  const walk = () => walkFolder(source, root, scheme);
  const found = manifest.configs === undefined || manifest.apps === undefined ? walk() : undefined;
  const configs = manifest.configs ?? found?.configs ?? [];
  const apps = manifest.apps ?? inferApps(source, scheme, found?.apps ?? [], configs);
  const environments = manifest.environments ?? inferEnvironments(source, scheme, configs, apps);
  return { ...manifest, configs, apps, environments };
}
