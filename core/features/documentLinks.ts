import type { Context } from '../layers/context.ts';
import { layerStem } from '../layers/scheme.ts';
import { publicDataApp, readPublicData } from '../render/publicData.ts';
import { stepsApp } from '../steps/appSteps.ts';
import { folderOf, joinPath } from '../text/paths.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type App, appDirectory, contextsOf } from '../workspace/workspace.ts';
import { keyParts } from '../yaml/entries.ts';
import { parseText } from '../yaml/parse.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { explainSetting } from './explain.ts';
import { focusAmong } from './focus.ts';
import { stepLinks } from './stepLinks.ts';

/** A stretch of a file that leads to another one. */
export interface FileLink {
  range: Range;
  target: { file: string; offset: number };
}

/**
 * The links of a file. An entry of an app's public settings leads to the layer that wins in the active context.
 * In the manifest, a central directory leads to its first layer and an app's folder to the app's own first one,
 * since editors open files and no folders. A step of an app leads to what it is found by.
 */
export function documentLinks(model: Model, file: string, chosen: Context | undefined): FileLink[] {
  if (file === model.workspace.manifest) return inManifest(model, file);
  const ofSteps = stepsApp(model, file);
  if (ofSteps !== undefined) return stepLinks(model, ofSteps, file);
  const app = publicDataApp(model, file);
  return app === undefined ? [] : inPublicData(model, app, chosen);
}

function inPublicData(model: Model, app: App, chosen: Context | undefined): FileLink[] {
  const focus = focusAmong(model, contextsOf(model.workspace, app.name), chosen);
  const keys = readPublicData(model, app)?.keys ?? [];
  return keys.flatMap(({ name, range }) => {
    const { value, winner } = focus ? explainSetting(model, focus.active, keyParts(name)) : {};
    if (value === undefined || winner?.keyRange === undefined || winner.file === '') return [];
    return [{ range, target: { file: winner.file, offset: winner.keyRange.start } }];
  });
}

function inManifest(model: Model, file: string): FileLink[] {
  const content = model.read(file);
  if (content === undefined || 'error' in content) return [];
  const { root } = parseText(file, content.text, '1.2', { dottedKeys: false });
  const { workspace } = model;
  const folders = foldersOf(root.entries.get('configs')?.value).map(({ text, range }) => ({
    range,
    layer: firstLayer(model, joinPath(folderOf(file), text), [/^common\./, /^common-/, /^hostname/]),
  }));
  const apps = foldersOf(root.entries.get('apps')?.value).map(({ text, range }) => {
    const folder = joinPath(folderOf(file), text);
    const app = workspace.apps.find((one) => one.folder === folder);
    const own = app && appDirectory(workspace, app);
    return { range, layer: own === undefined ? undefined : firstLayer(model, own, [/-default\./, /./]) };
  });
  return [...folders, ...apps].flatMap(({ range, layer }) =>
    layer === undefined ? [] : [{ range, target: { file: layer, offset: 0 } }],
  );
}

/** The folders that a part of the manifest names: a list, or a mapping of names to folders. */
function foldersOf(node: LayerNode | undefined): { text: string; range: Range }[] {
  const mapped = node?.kind === 'mapping' ? [...node.entries.values()].map((one) => one.value) : [];
  const described = mapped.map((one) =>
    one.kind === 'mapping' ? (one.entries.get('folder')?.value ?? one) : one,
  );
  const values = node?.kind === 'list' ? node.items : described;
  return values.flatMap((one) => (one.kind === 'string' ? [{ text: one.value, range: one.range }] : []));
}

/** The first file whose name fits, by the first pattern that any fits. */
function firstLayer(model: Model, folder: string, patterns: readonly RegExp[]): string | undefined {
  const { scheme } = model.workspace;
  const names = [...model.names(folder)].sort().filter((name) => {
    const stem = layerStem(scheme, name)?.stem;
    return stem !== undefined && !scheme.notLayers.includes(stem);
  });
  for (const pattern of patterns) {
    const name = names.find((one) => pattern.test(one));
    if (name !== undefined) return joinPath(folder, name);
  }
  return undefined;
}
