import { partAt, type SchemaPart } from '../../workspace/schemaPart.ts';
import { parseText } from '../../yaml/parse.ts';
import type { MappingNode } from '../../yaml/tree.ts';
import { type Completion, sortText } from './completion.ts';
import { entryOf, mappingOf } from './known.ts';
import type { Spot } from './spot.ts';

/** The keys, values and elements that the schema of one of our own files knows at a place. */
export function schemaCompletions(schema: SchemaPart, text: string, spot: Spot): Completion[] {
  const { root } = parseText('', text, '1.2', { dottedKeys: false });
  if (spot.kind === 'key') return keysAt(schema, root, text, spot);
  const part = partAt(schema, spot.path);
  if (spot.kind === 'value') return valuesAt(part, wordsOf(part), text, spot);
  const words = wordsOf(part?.items && partAt(schema, [...spot.path, '0']));
  const present = presentIn(root, spot);
  present.delete(text.slice(spot.range.start, spot.range.end));
  return valuesAt(
    part,
    words.filter((word) => !present.has(word)),
    text,
    spot,
  );
}

function keysAt(schema: SchemaPart, root: MappingNode, text: string, spot: Spot): Completion[] {
  const present = new Set(mappingOf(root, spot.path)?.entries.keys());
  present.delete(text.slice(spot.range.start, spot.range.end));
  const known = Object.keys(partAt(schema, spot.path)?.properties ?? {});
  return known
    .filter((name) => !present.has(name))
    .map((name, index) => {
      const { properties, additionalProperties, description } = partAt(schema, [...spot.path, name]) ?? {};
      return {
        label: name,
        kind: properties || additionalProperties ? 'group' : 'setting',
        sort: sortText(0, index),
        edit: { range: spot.range, text: spot.hasColon ? name : `${name}: ` },
        ...(description === undefined ? {} : { documentation: description }),
      };
    });
}

/** The words that can stand somewhere. */
function wordsOf(part: SchemaPart | undefined): string[] {
  if (part?.enum !== undefined) return [...new Set(part.enum.map(String))];
  return [part?.type ?? []].flat().includes('boolean') ? ['true', 'false'] : [];
}

function valuesAt(
  part: SchemaPart | undefined,
  words: readonly string[],
  text: string,
  spot: Spot,
): Completion[] {
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

/** The elements that a list has already. */
function presentIn(root: MappingNode, { path }: Spot): Set<string> {
  const list = entryOf(root, path)?.value;
  const items = list?.kind === 'list' ? list.items : [];
  return new Set(items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])));
}

/** Right behind the colon or dash a blank is missing. */
export function spaced(text: string, { range }: Spot, value: string): string {
  return /[:-]/.test(text.slice(range.start - 1, range.start)) ? ` ${value}` : value;
}
