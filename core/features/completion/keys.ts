import { type Range, touches } from '../../text/range.ts';
import type { Layer } from '../../yaml/layer.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { type Completion, sortText } from './completion.ts';
import { mappingOf, type OtherLayer } from './known.ts';
import type { Spot } from './spot.ts';

/** The keys that other layers have in the mapping at the cursor and this one has not. */
export function keyCompletions(layer: Layer, typed: Spot, others: readonly OtherLayer[]): Completion[] {
  const { text } = layer;
  const spot = withinDottedKey(text, typed);
  const present = presentKeys(layer, spot);
  const known = new Map<string, { node: LayerNode; lower: boolean }>();
  for (const other of others) {
    for (const [name, { value }] of mappingOf(other.layer.root, spot.path)?.entries ?? []) {
      const before = known.get(name);
      if (name === '' || value.kind === 'deleted' || present.has(name)) continue;
      if (before === undefined || isVague(before.node)) {
        known.set(name, { node: value, lower: before?.lower ?? other.lower });
      }
    }
  }
  const style = { text, spot, json: layer.file.endsWith('.json'), whole: spot === typed };
  return [...known].map(([name, { node, lower }], index) => {
    const written = writtenKey(style, name);
    return {
      label: name,
      kind: node.kind === 'mapping' ? 'group' : 'setting',
      detail: node.kind,
      sort: sortText(lower ? 0 : 1, index),
      edit: { range: spot.range, text: written + (style.whole ? behindKey(style, node) : '') },
      setting: [...spot.path, name],
      ...(written === name ? {} : { filter: written }),
    };
  });
}

interface Style {
  text: string;
  spot: Spot;
  json: boolean;
  /** All of the key is replaced, not a part of a dotted one. */
  whole: boolean;
}

/** A placeholder does not tell what belongs there. */
function isVague(node: LayerNode): boolean {
  return node.kind === 'missing' || node.kind === 'null';
}

/** In a dotted key, only the part at the cursor: what stands before it is the way to the mapping. */
export function withinDottedKey(text: string, spot: Spot): Spot {
  const raw = text.slice(spot.range.start, spot.range.end);
  const quote = /^["']/.test(raw) ? 1 : 0;
  const before = raw.lastIndexOf('.', spot.at - spot.range.start - 1);
  if (before < quote) return spot;
  const prefix = raw.slice(quote, before).split('.');
  if (prefix.includes('')) return spot;
  const rest = raw.slice(spot.at - spot.range.start).search(/[.'"]/);
  const start = spot.range.start + before + 1;
  const range: Range = { start, end: rest === -1 ? spot.range.end : spot.at + rest };
  return { ...spot, path: [...spot.path, ...prefix], range };
}

function presentKeys({ root }: Layer, { path, range }: Spot): Set<string> {
  const entries = [...(mappingOf(root, path)?.entries ?? [])];
  const others = entries.filter(
    ([, { keyRange }]) => !touches(keyRange, range.end) || range.start === range.end,
  );
  return new Set(others.map(([name]) => name));
}

/** The key as YAML wants it, in the quotes that stand there already. */
function writtenKey({ text, spot, json, whole }: Style, name: string): string {
  if (!whole) return name;
  const quote = text[spot.range.start];
  if (spot.range.end > spot.range.start && quote === "'") return `'${name.replaceAll("'", "''")}'`;
  const quoted =
    json || (spot.range.end > spot.range.start && quote === '"') || !isPlainSafe(name, spot.flow);
  return quoted ? JSON.stringify(name) : name;
}

function behindKey({ text, spot, json }: Style, node: LayerNode): string {
  if (spot.hasColon) return '';
  if (json || spot.flow || (node.kind !== 'mapping' && node.kind !== 'list')) return ': ';
  const lineStart = text.lastIndexOf('\n', spot.range.start - 1) + 1;
  const indent = spot.range.start - lineStart + indentStep(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `:${eol}${' '.repeat(indent)}${node.kind === 'list' ? '- ' : ''}`;
}

/** By how many columns the file indents what lies below a key. */
function indentStep(text: string): number {
  const first = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1( +)[^\s#-]/m.exec(text);
  return first?.[2]?.length ?? 2;
}
