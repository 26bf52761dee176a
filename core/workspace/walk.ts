import type { Scheme } from '../layers/scheme.ts';
import { layerStem } from '../layers/scheme.ts';
import type { FolderEntry, LayerSource } from '../source.ts';
import { joinPath } from '../text/paths.ts';
import { manifestNames } from './manifest.ts';

/** What a walk through a folder came upon. */
export interface Found {
  /** Folders that hold a manifest; the walk does not go into them. */
  manifests: string[];
  /** Folders of apps: those that hold the scheme's folder for an app's own layers. */
  apps: string[];
  /** Folders with central layers. */
  configs: string[];
}

/** Folders that hold other people's files or built ones. */
const skipped: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'site-packages',
  'virtualenv',
  'venv',
  '__pycache__',
  'dist',
  'out',
  'build',
  'target',
]);

const maxDepth = 8;
const maxFolders = 20_000;

/**
 * Looks through a folder, breadth first, for manifests, apps and central layers. Hidden folders and those of
 * packages and build results are passed over; depth and number of folders are bounded, so that a loop of
 * links ends.
 */
export function walkFolder(source: LayerSource, root: string, scheme: Scheme): Found {
  const found: Found = { manifests: [], apps: [], configs: [] };
  let level = [root];
  for (let depth = 0, seen = 0; depth <= maxDepth && level.length > 0 && seen < maxFolders; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      seen++;
      const entries = source.list(folder) ?? [];
      if (folder !== root && entries.some((entry) => manifestNames.includes(entry.name))) {
        found.manifests.push(folder);
        continue;
      }
      if (source.list(joinPath(folder, scheme.appDirectory)) !== undefined) found.apps.push(folder);
      if (holdsCentralLayers(scheme, entries)) found.configs.push(folder);
      next.push(...foldersToEnter(entries, folder, root, scheme));
    }
    level = next;
  }
  return found;
}

/** Whether a folder of this name holds nothing that a person of the project writes. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || skipped.has(name);
}

/** Links are followed only out of the workspace: what they lead to inside of it is met anyway. */
function foldersToEnter(entries: FolderEntry[], folder: string, root: string, scheme: Scheme): string[] {
  return entries
    .filter((entry) => entry.kind === 'folder' && !isPassedOver(entry.name))
    .filter(({ target }) => target === undefined || !`${target}/`.startsWith(`${root}/`))
    .filter(({ target }) => target === undefined || !`${root}/`.startsWith(`${target}/`))
    .map((entry) => joinPath(folder, entry.name))
    .filter(
      (path) => !path.endsWith(`/${scheme.appDirectory}`) && !path.endsWith(`/${scheme.templateDirectory}`),
    );
}

/**
 * Whether a folder's names look like central layers: `common` or `hostname`, alone or with something behind a
 * dash. A lone JSON file is not enough, since translations are often called `common.json`.
 */
function holdsCentralLayers(scheme: Scheme, entries: FolderEntry[]): boolean {
  const layers = entries
    .filter((entry) => entry.kind === 'file')
    .map((entry) => layerStem(scheme, entry.name))
    .filter((layer) => layer !== undefined);
  const shared = layers.filter(({ stem }) => /^(common|hostname)(-.+)?$/.test(stem));
  return shared.length > 1 || (shared.length === 1 && shared[0]?.ending !== '.json');
}
