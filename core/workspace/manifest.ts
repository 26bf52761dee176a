import { reservedEnvironments, schemes, yoconfigurator } from '../layers/scheme.ts';
import { problem } from '../problem.ts';
import type { LayerSource } from '../source.ts';
import { isName, nameRule } from '../text/names.ts';
import { baseName, folderOf, joinPath } from '../text/paths.ts';
import { fileStart, type Range } from '../text/range.ts';
import { parseText } from '../yaml/parse.ts';
import type { Report } from '../yaml/report.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import { type ArtifactSettings, readArtifactSettings } from './artifactSettings.ts';
import { type BalancerSettings, readBalancers } from './balancerSettings.ts';
import { type Box, checkPlaces, readBoxes } from './boxSettings.ts';
import { readBuildSettings, readCompression } from './buildSettings.ts';
import { schemaProblems } from './schemaProblems.ts';
import { type App, defaultPolicy, type Environment, type Workspace } from './workspace.ts';

/** The names a manifest may have; the first that is there counts. */
export const manifestNames: readonly string[] = ['strata.yaml', 'strata.yml'];

/** What a manifest says; what it leaves out is inferred by whoever asks. */
export interface Manifest extends Pick<Workspace, 'root' | 'scheme' | 'merge' | 'yaml' | 'problems'> {
  manifest: string;
  configs?: string[];
  apps?: App[];
  environments?: Environment[];
  artifacts?: ArtifactSettings;
  boxes?: Box[];
  balancers?: BalancerSettings[];
}

/** A folder's manifest, if it has one. */
export function findManifest(source: LayerSource, folder: string): string | undefined {
  const names = new Set((source.list(folder) ?? []).map((entry) => entry.name));
  const name = manifestNames.find((one) => names.has(one));
  return name === undefined ? undefined : joinPath(folder, name);
}

/** Reads a manifest. Faults become problems, and what is right of it still counts. */
export function readManifest(source: LayerSource, file: string): Manifest {
  const content = source.read(file) ?? { error: 'the file is not there' };
  const report: Report = { file, problems: [] };
  const text = 'text' in content ? content.text : '';
  const parsed = parseText(file, text, '1.2', { dottedKeys: false });
  if ('error' in content)
    report.problems.push(problem('manifest', { file, range: fileStart }, content.error));
  report.problems.push(...parsed.problems, ...schemaProblems(file, parsed.root));
  const { root } = parsed;
  const merge = mappingAt(root, 'merge');
  const configs = readConfigs(source, report, root);
  const apps = readApps(source, report, root);
  const environments = readEnvironments(root);
  const artifacts = readArtifactSettings(folderOf(file), root.entries.get('artifacts')?.value);
  const boxNodes = root.entries.get('boxes')?.value;
  const boxes = readBoxes(report, boxNodes);
  checkPlaces(report, boxNodes, { environments, apps });
  const balancerNodes = root.entries.get('balancers')?.value;
  const balancers = readBalancers(report, balancerNodes, boxes ?? []);
  checkPlaces(report, balancerNodes, { environments, apps });
  return {
    manifest: file,
    root: folderOf(file),
    scheme: schemes.get(textAt(root, 'scheme') ?? '') ?? yoconfigurator,
    merge: {
      lists: textAt(merge, 'lists') === 'replace' ? 'replace' : defaultPolicy.lists,
      types: textAt(merge, 'types') === 'lenient' ? 'lenient' : defaultPolicy.types,
    },
    yaml: textAt(root, 'yaml') === '1.1' ? '1.1' : '1.2',
    problems: report.problems,
    ...(configs === undefined ? {} : { configs }),
    ...(apps === undefined ? {} : { apps }),
    ...(environments === undefined ? {} : { environments }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(boxes === undefined ? {} : { boxes }),
    ...(balancers === undefined ? {} : { balancers }),
  };
}

function readConfigs(source: LayerSource, report: Report, root: MappingNode): string[] | undefined {
  const node = root.entries.get('configs')?.value;
  if (node?.kind !== 'list') return undefined;
  return textsOf(node).map(({ text, range }) => folderAt(source, report, text, range));
}

/** The folder that the manifest names; one that is not there is a problem. */
function folderAt(source: LayerSource, report: Report, text: string, range: Range): string {
  const folder = joinPath(folderOf(report.file), text);
  if (source.list(folder) === undefined) {
    const message = `there is no folder \`${text}\` beside the manifest`;
    report.problems.push(problem('manifest', { file: report.file, range }, message));
  }
  return folder;
}

function readApps(source: LayerSource, report: Report, root: MappingNode): App[] | undefined {
  const node = root.entries.get('apps')?.value;
  if (node?.kind === 'list') {
    return textsOf(node).flatMap(({ text, range }) => appsIn(source, report, text, range));
  }
  if (node?.kind !== 'mapping') return undefined;
  return [...node.entries].flatMap(([name, { value }]) => {
    if (!isName(name)) return [];
    if (value.kind === 'string') {
      return [{ name, folder: folderAt(source, report, value.value, value.range) }];
    }
    return value.kind === 'mapping' ? [describedApp(source, report, name, value)] : [];
  });
}

/** An app of which the manifest says more than its folder. */
function describedApp(source: LayerSource, report: Report, name: string, node: MappingNode): App {
  const folder = node.entries.get('folder')?.value;
  const build = readBuildSettings(mappingAt(node, 'build'));
  const compression = readCompression(node);
  return {
    name,
    ...(folder?.kind === 'string' ? { folder: folderAt(source, report, folder.value, folder.range) } : {}),
    ...(build === undefined ? {} : { build }),
    ...(compression === undefined ? {} : { compression }),
  };
}

/** The apps of one element of a list: a folder, or with `/*` at its end every folder in it. */
function appsIn(source: LayerSource, report: Report, text: string, range: Range): App[] {
  const all = text.endsWith('/*');
  const folder = folderAt(source, report, all ? text.slice(0, -2) : text, range);
  const inside = (source.list(folder) ?? []).filter((entry) => entry.kind === 'folder');
  const folders = all ? inside.map((entry) => joinPath(folder, entry.name)) : [folder];
  return folders.flatMap((one) => {
    const name = baseName(one);
    if (isName(name)) return [{ name, folder: one }];
    if (!all) {
      const message = `\`${name}\` is no name for an app: ${nameRule}`;
      report.problems.push(problem('manifest', { file: report.file, range }, message));
    }
    return [];
  });
}

function readEnvironments(root: MappingNode): Environment[] | undefined {
  const node = root.entries.get('environments')?.value;
  if (node?.kind === 'list') {
    const names = textsOf(node).map((one) => one.text);
    return names.filter(namesEnvironment).map((name) => ({ name, clusters: [] }));
  }
  if (node?.kind !== 'mapping') return undefined;
  return [...node.entries.keys()].filter(namesEnvironment).map((name) => {
    const said = mappingAt(node, name)?.entries;
    const clusters = said?.get('clusters')?.value;
    const isProtected = said?.get('protected')?.value;
    return {
      name,
      clusters: clusters?.kind === 'list' ? textsOf(clusters).map((one) => one.text) : [],
      ...(isProtected?.kind === 'boolean' && isProtected.value ? { isProtected: true } : {}),
    };
  });
}

function namesEnvironment(name: string): boolean {
  return isName(name) && !reservedEnvironments.includes(name);
}

function mappingAt(node: MappingNode | undefined, key: string): MappingNode | undefined {
  const value = node?.entries.get(key)?.value;
  return value?.kind === 'mapping' ? value : undefined;
}

function textAt(node: MappingNode | undefined, key: string): string | undefined {
  const value = node?.entries.get(key)?.value;
  return value?.kind === 'string' || value?.kind === 'float' ? String(value.value) : undefined;
}

function textsOf(list: LayerNode & { kind: 'list' }): { text: string; range: Range }[] {
  return list.items.flatMap((item) =>
    item.kind === 'string' ? [{ text: item.value, range: item.range }] : [],
  );
}
