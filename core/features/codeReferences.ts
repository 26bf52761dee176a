import type { Context } from '../layers/context.ts';
import type { FolderEntry, LayerSource } from '../source.ts';
import { joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import { isPassedOver } from '../workspace/walk.ts';
import { type App, appDirectory } from '../workspace/workspace.ts';
import { type CodeRoot, codeUses } from './codeUses.ts';
import type { Definition } from './definition.ts';
import { appsSharing } from './references.ts';
import { subjectAt } from './subject.ts';

/** How settings are looked for in the code of apps. */
export interface CodeSearch {
  /** Names that the whole configuration has in code. Without any, nothing is looked for. */
  roots: readonly string[];
  /** Endings of the files to look in, without the dot. */
  endings: readonly string[];
}

/** The place of a layer that the question is asked at. */
export interface CodeQuestion {
  file: string;
  offset: number;
  chosen: Context | undefined;
}

const maxFolders = 20_000;
const maxFiles = 10_000;
/** In UTF-16 code units. */
const maxText = 64 * 1024 * 1024;

/**
 * Where the code of the apps that share a setting seems to use it: found as text, not understood. Besides the
 * names given, `aconf` stands for the app's own section and `cconf` for the common one. Yields after each
 * folder and file, so that a caller can answer others meanwhile or stop; a folder of any size ends.
 */
export function* codeReferences(
  model: Model,
  source: LayerSource,
  { file, offset, chosen }: CodeQuestion,
  { roots, endings }: CodeSearch,
): Generator<undefined, Definition[]> {
  const subject = roots.length === 0 ? undefined : subjectAt(model, file, offset, chosen);
  if (subject === undefined) return [];
  const sharing = appsSharing(model, file, subject);
  const found: Definition[] = [];
  const left = { folders: maxFolders, files: maxFiles, text: maxText };
  for (const app of model.workspace.apps.filter(({ name }) => sharing.has(name))) {
    const names = codeRoots(roots, app);
    for (const one of codeFiles(model, source, app, endings, left)) {
      yield;
      const text = one === undefined ? '' : textOf(source, one);
      left.text -= text.length;
      const uses = codeUses(text, subject.path, names);
      found.push(
        ...uses.map((range) => ({ file: one ?? '', keyRange: range, range, textMatch: true as const })),
      );
      if (left.text <= 0) return found;
    }
  }
  return found;
}

function codeRoots(roots: readonly string[], { name }: App): CodeRoot[] {
  const whole = roots.map((root) => ({ name: root, section: [] }));
  return [...whole, { name: 'aconf', section: [name] }, { name: 'cconf', section: ['common'] }];
}

/** The source files of an app; `undefined` in between, after each folder. */
function* codeFiles(
  model: Model,
  source: LayerSource,
  app: App,
  endings: readonly string[],
  left: { folders: number; files: number },
): Generator<string | undefined, void> {
  const notCode = new Set([
    ...model.workspace.apps.map((one) => one.folder),
    appDirectory(model.workspace, app),
  ]);
  const folders = app.folder === undefined ? [] : [app.folder];
  for (const folder of folders) {
    if (left.folders-- <= 0) return;
    const entries = source.list(folder) ?? [];
    folders.push(...foldersToEnter(folder, entries).filter((one) => !notCode.has(one)));
    for (const { name, kind } of entries) {
      if (kind !== 'file' || !endings.some((ending) => name.endsWith(`.${ending}`))) continue;
      if (left.files-- <= 0) return;
      yield joinPath(folder, name);
    }
    yield undefined;
  }
}

/** Links are left out: what they lead to in the app is met anyway, and what lies outside is not the app's. */
function foldersToEnter(folder: string, entries: readonly FolderEntry[]): string[] {
  return entries
    .filter(({ name, kind, target }) => kind === 'folder' && target === undefined && !isPassedOver(name))
    .map(({ name }) => joinPath(folder, name));
}

function textOf(source: LayerSource, file: string): string {
  const content = source.read(file);
  return content !== undefined && 'text' in content ? content.text : '';
}
