import type { Context } from '../layers/context.ts';
import { folderOf, joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import { appNamed } from '../workspace/workspace.ts';
import type { LayerNode } from '../yaml/tree.ts';
import type { Definition, Definitions } from './definition.ts';
import { settingSchema } from './settingSchema.ts';
import { subjectAt } from './subject.ts';
import { yamlOf } from './yamlOf.ts';

/**
 * What describes the setting at a place: its name in the schema of the app that it is looked at from, or else the app's entry in
 * the manifest.
 */
export function typeDefinition(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Definitions | undefined {
  const subject = subjectAt(model, file, offset, chosen);
  if (subject?.focus === undefined) return undefined;
  const { path, origin, focus } = subject;
  const found = settingSchema(model, focus.app, path) ?? manifestEntry(model, focus.app);
  if (found === undefined) return undefined;
  return { origin, definitions: [{ file: found.file, keyRange: found.keyRange, range: found.range }] };
}

/** Where the manifest names an app, as a key, or as a folder of a list. */
function manifestEntry(model: Model, name: string): Definition | undefined {
  const file = model.workspace.manifest;
  const root = file === undefined ? undefined : yamlOf(model, file)?.root;
  const apps = root?.kind === 'mapping' ? root.entries.get('apps')?.value : undefined;
  if (file === undefined || apps === undefined) return undefined;
  if (apps.kind === 'list') return listedFolder(model, file, apps.items, name);
  const entry = apps.kind === 'mapping' ? apps.entries.get(name) : undefined;
  if (entry === undefined) return undefined;
  const { keyRange, value } = entry;
  return { file, keyRange, range: { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) } };
}

function listedFolder(
  { workspace }: Model,
  file: string,
  items: readonly LayerNode[],
  name: string,
): Definition | undefined {
  const folder = appNamed(workspace, name)?.folder;
  const item = items.find((one) => {
    if (one.kind !== 'string' || folder === undefined) return false;
    const { value } = one;
    const named = joinPath(folderOf(file), value.endsWith('/*') ? value.slice(0, -2) : value);
    return named === (value.endsWith('/*') ? folderOf(folder) : folder);
  });
  return item && { file, keyRange: item.range, range: item.range };
}
