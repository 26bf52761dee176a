import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { isPlainSafe } from '../quoting.ts';

/**
 * A value on one line, as it can stand between braces; `undefined` where it cannot: an alias, an anchor, and in JSON
 * what JSON has no word for.
 */
export function flowText(text: string, node: Node | undefined, json: boolean): string | undefined {
  if (node === undefined) return 'null';
  const { tag, anchor } = node as { tag?: string; anchor?: string };
  if (isAlias(node) || anchor !== undefined) return undefined;
  if (tag === undefined || tag === '!') return untagged(text, node, json);
  if (json || !tag.startsWith('!')) return undefined;
  const value = isScalar(node) && !node.source ? '' : untagged(text, node, json);
  return value === undefined ? undefined : `${tag} ${value}`.trimEnd();
}

function untagged(text: string, node: Node, json: boolean): string | undefined {
  if (isScalar(node)) return json ? jsonScalar(node) : yamlScalar(text, node);
  if (isSeq(node)) {
    const items = (node.items as Node[]).map((item) => flowText(text, item, json));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (!isMap(node)) return undefined;
  const pairs = (node.items as Pair<Node | null, Node | null>[]).map(({ key, value }) => {
    const name = isScalar(key) ? flowKey(text, key, json) : undefined;
    const inner = flowText(text, value ?? undefined, json);
    return name === undefined || inner === undefined ? undefined : `${name}: ${inner}`;
  });
  return pairs.includes(undefined) ? undefined : `{${pairs.join(', ')}}`;
}

function flowKey(text: string, key: Scalar, json: boolean): string | undefined {
  if (key.type === 'PLAIN' && key.source === '<<') return undefined;
  const name = key.type === 'PLAIN' ? (key.source ?? '') : String(key.value);
  if (json || !isPlainSafe(name, true)) return JSON.stringify(name);
  return sourceOf(text, key);
}

function yamlScalar(text: string, node: Scalar): string {
  const source = sourceOf(text, node);
  if (node.type === 'PLAIN')
    return isOneLine(source) && (source === '' || isPlainSafe(source, true))
      ? source || 'null'
      : quoted(node);
  const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  return isQuoted && isOneLine(source) ? source : quoted(node);
}

/** A plain text that could not stand in braces as it is: numbers can, so it is text. */
function quoted(node: Scalar): string {
  return JSON.stringify(String(node.value));
}

function jsonScalar(node: Scalar): string | undefined {
  const { value, source = '' } = node;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(source) ? source : undefined;
}

function sourceOf(text: string, node: Scalar): string {
  const [start = 0, end = 0] = node.range ?? [];
  return text.slice(start, end).trimEnd();
}

function isOneLine(source: string): boolean {
  return !/[\r\n]/.test(source);
}
