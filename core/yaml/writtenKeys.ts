import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { YamlVersion } from '../workspace/workspace.ts';
import { withoutConflicts } from './conflicts.ts';
import { keyParts } from './entries.ts';
import { parseDocuments } from './parse.ts';
import { type WrittenName, writtenName } from './writtenName.ts';

/** One part of a key in a layer's text. */
export interface WrittenKey {
  /** The setting that it names. */
  path: string[];
  /** The key that it is a part of; `undefined` where its parts cannot be told apart. */
  name: WrittenName | undefined;
  /** Which part it is, counted from 0. */
  part: number;
  /** Where the key starts. */
  start: number;
  /** It stands between brackets or braces. */
  flow: boolean;
  /** The anchors of the key itself and of all that it stands in. */
  anchors: string[];
}

/** All keys of a text that name settings, part by part, in the order of the text; those of list elements name none. */
export interface WrittenKeys {
  keys: WrittenKey[];
  /** The anchors that some alias repeats. */
  repeated: Set<string>;
}

/** Finds every place of a layer's text that names a setting: dotted keys, and keys that are given twice, included. */
export function writtenKeys(file: string, text: string, version: YamlVersion): WrittenKeys {
  const clean = withoutConflicts(file, text).text;
  const [document] = parseDocuments(clean, version);
  const found: WrittenKeys = { keys: [], repeated: new Set() };
  if (document === undefined) return found;
  visit(document as Document, { Alias: (_, alias) => void found.repeated.add(alias.source) });
  const { contents } = document;
  if (isMap(contents)) keysOf(clean, found.keys, contents, { path: [], flow: false, anchors: [] });
  return found;
}

type Above = Pick<WrittenKey, 'path' | 'flow' | 'anchors'>;

function keysOf(text: string, keys: WrittenKey[], mapping: YAMLMap, above: Above): void {
  const flow = above.flow || mapping.flow === true;
  const anchors = withAnchor(above.anchors, mapping);
  for (const { key, value } of mapping.items as Pair<Node | null, Node | null>[]) {
    const written = isAlias(key) ? undefined : writtenKey(text, key);
    if (written === undefined) continue;
    const { name, parts, start } = written;
    const around = withAnchor(anchors, key);
    parts.forEach((_, part) => {
      const path = [...above.path, ...parts.slice(0, part + 1)];
      keys.push({ path, name, part, start, flow, anchors: around });
    });
    if (isMap(value)) keysOf(text, keys, value, { path: [...above.path, ...parts], flow, anchors });
  }
}

function writtenKey(text: string, key: Node | null) {
  if (!isScalar(key) || !key.range) return undefined;
  const [start, end] = key.range;
  const plain = key.type === 'PLAIN';
  if (plain && key.source === '<<') return undefined;
  const named = plain ? (key.source ?? '') : String((key as Scalar).value);
  return { name: writtenName(text, { start, end }, named), parts: keyParts(named), start };
}

function withAnchor(anchors: string[], node: Node | null): string[] {
  const { anchor } = (node ?? {}) as { anchor?: string };
  return anchor === undefined ? anchors : [...anchors, anchor];
}
