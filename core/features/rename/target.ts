import { isLayerFile } from '../../layers/layerFiles.ts';
import { publicDataApp, readPublicData } from '../../render/publicData.ts';
import { templateApp } from '../../templates/templateFiles.ts';
import { type Range, touches } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { MappingNode } from '../../yaml/tree.ts';
import { writtenKeys } from '../../yaml/writtenKeys.ts';
import { writtenName } from '../../yaml/writtenName.ts';
import { nameInTemplate } from '../templateNames.ts';
import { entryAt } from './affected.ts';

/** A part of a key, of a public-data entry or of a reference in a template that can be renamed. */
export interface RenameTarget {
  /** The setting that is named up to this part. */
  path: string[];
  /** The part's own text, without quotes. */
  range: Range;
  /** The apps whose configuration the place speaks of. */
  apps: string[];
}

/** What a rename at this place is about; `undefined` where no key of a setting stands. */
export function renameTarget(model: Model, file: string, offset: number): RenameTarget | undefined {
  if (templateApp(model, file) !== undefined) return templateTarget(model, file, offset);
  return publicTarget(model, file, offset) ?? keyTarget(model, file, offset);
}

function keyTarget(model: Model, file: string, offset: number): RenameTarget | undefined {
  const layer = isLayerFile(model, file) ? model.layer(file) : undefined;
  if (layer === undefined || layer.stale) return undefined;
  const { keys } = writtenKeys(file, layer.text, model.workspace.yaml);
  const apps = [...new Set(model.readers(file).map((of) => of.app))];
  for (const { name, part, path } of keys) {
    const range = name?.ranges[part];
    if (range && touches(range, offset)) return counts(layer.root, path) ? { path, range, apps } : undefined;
  }
  return undefined;
}

/** Whether the layer says something by this key: not where the same key stands before it and counts in its place. */
function counts(root: MappingNode, path: readonly string[]): boolean {
  return entryAt(root, path) !== undefined;
}

function publicTarget(model: Model, file: string, offset: number): RenameTarget | undefined {
  const app = publicDataApp(model, file);
  const entry = app && readPublicData(model, app)?.keys.find((key) => touches(key.range, offset));
  if (app === undefined || entry === undefined) return undefined;
  const written = writtenName(textOf(model, file), entry.range, entry.name);
  const part = written?.ranges.findIndex((range) => touches(range, offset)) ?? -1;
  const range = written?.ranges[part];
  return range && { path: written.parts.slice(0, part + 1), range, apps: [app.name] };
}

/** A variable of the template is no name of a setting, though it may stand for one. */
function templateTarget(model: Model, file: string, offset: number): RenameTarget | undefined {
  const named = nameInTemplate(model, file, offset);
  if (named === undefined || named.part.written === 'variable') return undefined;
  return { path: named.path, range: named.part.range, apps: [named.app.name] };
}

function textOf(model: Model, file: string): string {
  const content = model.read(file);
  return content !== undefined && 'text' in content ? content.text : '';
}
