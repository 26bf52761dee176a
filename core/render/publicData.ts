import { settingAtPath } from '../merge/resolve.ts';
import type { EffectiveMapping, Setting } from '../merge/setting.ts';
import { type Problem, problem } from '../problem.ts';
import { type LineIndex, lineIndex } from '../text/lines.ts';
import { baseName, folderOf } from '../text/paths.ts';
import { fileStart, type Range } from '../text/range.ts';
import { appFile } from '../workspace/appFile.ts';
import type { Model } from '../workspace/model.ts';
import { type App, appDirectory } from '../workspace/workspace.ts';
import { keyParts } from '../yaml/entries.ts';
import { parseTree } from '../yaml/parse.ts';

/** The settings that an app makes public: dotted keys, each with its place. */
export interface PublicData {
  file: string;
  lines: LineIndex;
  keys: { name: string; range: Range }[];
  problems: Problem[];
}

/** The app whose list of public settings the file is. */
export function publicDataApp({ workspace }: Model, file: string): App | undefined {
  const { publicData, endings } = workspace.scheme;
  if (!endings.some((ending) => baseName(file) === publicData + ending)) return undefined;
  const folder = folderOf(file);
  return workspace.apps.find((app) => appDirectory(workspace, app) === folder);
}

/** Reads an app's list of public settings (`public-data.yaml`); `undefined` when it has none. */
export function readPublicData(model: Model, app: App): PublicData | undefined {
  const { workspace } = model;
  const file = appFile(model, app, workspace.scheme.publicData);
  const content = file === undefined ? undefined : model.read(file);
  if (file === undefined || content === undefined) return undefined;
  if ('error' in content) {
    const problems = [problem('unreadable-layer', { file, range: fileStart }, content.error)];
    return { file, lines: lineIndex(''), keys: [], problems };
  }
  return { file, lines: lineIndex(content.text), ...publicKeys(file, content.text, workspace.yaml) };
}

function publicKeys(
  file: string,
  text: string,
  yaml: Model['workspace']['yaml'],
): Pick<PublicData, 'keys' | 'problems'> {
  const { root, problems } = parseTree(file, text, yaml);
  if (root === undefined) return { keys: [], problems };
  const items = root.kind === 'list' ? root.items : [root];
  const keys = items.flatMap((item) =>
    item.kind === 'string' && root.kind === 'list' ? [{ name: item.value, range: item.range }] : [],
  );
  const wrong = items
    .filter((item) => item.kind !== 'string' || root.kind !== 'list')
    .map((item) =>
      problem('yaml-syntax', { file, range: item.range }, 'public data is a list of dotted keys'),
    );
  return { keys, problems: [...problems, ...wrong] };
}

/**
 * The part of a configuration that may be made public, in the order of the list; a key that is not there is
 * a problem. Follows `filter_dict` of yoconfigurator's dicts.py.
 */
export function publicConfiguration(
  publicData: PublicData,
  root: EffectiveMapping,
): { root: EffectiveMapping; problems: Problem[] } {
  const chosen: EffectiveMapping = { kind: 'mapping', entries: new Map() };
  const problems: Problem[] = [];
  for (const { name, range } of publicData.keys) {
    const path = keyParts(name);
    const setting = settingAtPath(root.entries, path);
    if (setting?.value === undefined) {
      const message = 'the configuration has no such setting to make public';
      problems.push(
        problem('public-key-missing', { file: publicData.file, range }, message, { setting: name }),
      );
    } else {
      putAt(chosen, path, setting);
    }
  }
  return { root: chosen, problems };
}

function putAt(root: EffectiveMapping, path: readonly string[], setting: Setting): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    root.entries.set(key, setting);
    return;
  }
  const there = root.entries.get(key);
  // A mapping that was chosen whole is the configuration's own: it already holds what comes now.
  if (there !== undefined && there.says.length > 0) return;
  const below: EffectiveMapping =
    there?.value?.kind === 'mapping' ? there.value : { kind: 'mapping', entries: new Map() };
  root.entries.set(key, { value: below, says: [] });
  putAt(below, rest, setting);
}
