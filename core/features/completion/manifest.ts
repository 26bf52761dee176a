import schema from '../../../schemas/strata.schema.json' with { type: 'json' };
import { folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { parseText } from '../../yaml/parse.ts';
import { type Completion, sortText } from './completion.ts';
import { mappingOf } from './known.ts';
import { type Spot, spotAt } from './spot.ts';

/** What the completion reads of a part of the manifest's schema. */
interface Part {
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Part>;
  additionalProperties?: boolean | Part;
}

/** The keys and values that the manifest's schema knows, and folders where it wants one. */
export function manifestCompletions(model: Model, file: string, offset: number): Completion[] {
  const content = model.read(file);
  const text = content !== undefined && 'text' in content ? content.text : '';
  const spot = spotAt(text, offset, { dottedKeys: false });
  if (spot === undefined) return [];
  if (spot.kind === 'key') return keysAt(file, text, spot);
  const [top = '', ...below] = spot.path;
  const namesFolder = top === 'apps' && (below.length === 1 || (below.length === 2 && below[1] === 'folder'));
  const wantsFolder = spot.kind === 'item' ? below.length === 0 : namesFolder;
  if (wantsFolder && (top === 'configs' || top === 'apps')) return folders(model, file, text, spot);
  return spot.kind === 'value' ? valuesAt(text, spot) : [];
}

function keysAt(file: string, text: string, spot: Spot): Completion[] {
  const { root } = parseText(file, text, '1.2', { dottedKeys: false });
  const present = new Set(mappingOf(root, spot.path)?.entries.keys());
  present.delete(text.slice(spot.range.start, spot.range.end));
  const parts = Object.entries(partAt(spot.path)?.properties ?? {}).filter(([name]) => !present.has(name));
  return parts.map(([name, part], index) => ({
    label: name,
    kind: part.properties || part.additionalProperties ? 'group' : 'setting',
    sort: sortText(0, index),
    edit: { range: spot.range, text: spot.hasColon ? name : `${name}: ` },
    ...(part.description === undefined ? {} : { documentation: part.description }),
  }));
}

function valuesAt(text: string, spot: Spot): Completion[] {
  const part = partAt(spot.path);
  const words = [...new Set((part?.enum ?? []).map(String))];
  return words.map((word, index) => ({
    label: word,
    kind: 'value',
    sort: sortText(0, index),
    edit: { range: spot.range, text: spaced(text, spot, /^\d/.test(word) ? `'${word}'` : word) },
    ...(part?.default === word ? { detail: 'default' } : {}),
    ...(part?.description === undefined ? {} : { documentation: part.description }),
    ...(/^["']/.test(text[spot.range.start] ?? '') ? { filter: `${text[spot.range.start]}${word}` } : {}),
  }));
}

/** The part of the schema that describes what stands at a path. */
function partAt(path: readonly string[]): Part | undefined {
  let part: Part | undefined = schema as Part;
  for (const key of path) {
    const other: boolean | Part | undefined = part?.additionalProperties;
    part = part?.properties?.[key] ?? (typeof other === 'object' ? other : undefined);
  }
  return part;
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

/** Right behind the colon or dash a blank is missing. */
function spaced(text: string, { range }: Spot, value: string): string {
  return /[:-]/.test(text.slice(range.start - 1, range.start)) ? ` ${value}` : value;
}
