import schema from '../../../schemas/strata.schema.json' with { type: 'json' };
import { folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { type Completion, sortText } from './completion.ts';
import { schemaCompletions, spaced } from './fromSchema.ts';
import { type Spot, spotAt } from './spot.ts';

/** The keys and values that the manifest's schema knows, and folders where it wants one. */
export function manifestCompletions(model: Model, file: string, offset: number): Completion[] {
  const content = model.read(file);
  const text = content !== undefined && 'text' in content ? content.text : '';
  const spot = spotAt(text, offset, { dottedKeys: false });
  if (spot === undefined) return [];
  const [top = '', ...below] = spot.path;
  const namesFolder = top === 'apps' && (below.length === 1 || (below.length === 2 && below[1] === 'folder'));
  const wantsFolder = spot.kind !== 'key' && (spot.kind === 'item' ? below.length === 0 : namesFolder);
  if (wantsFolder && (top === 'configs' || top === 'apps')) return folders(model, file, text, spot);
  return schemaCompletions(schema, text, spot);
}

/** The folders in the one that is being typed. */
function folders(model: Model, file: string, text: string, spot: Spot): Completion[] {
  const typed = text.slice(spot.range.start, spot.at).replace(/^["']/, '');
  const above = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = model.folders(joinPath(folderOf(file), above === '' ? '.' : above));
  const shown = names.filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const paths = shown.map((name) => above + name);
  if (spot.kind === 'item' && spot.path[0] === 'apps' && above !== '') paths.push(`${above}*`);
  return paths.map((path, index) => ({
    label: path,
    kind: 'folder',
    sort: sortText(0, index),
    edit: { range: spot.range, text: spaced(text, spot, path) },
  }));
}
