import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { LayerNode, ScalarNode } from '../yaml/tree.ts';
import { pythonFloat } from './pythonNumber.ts';

/**
 * The bytes of configuration.json, as text in ASCII: what Python's
 * `json.dump(config, indent=4, separators=(',', ': '))` writes, without a newline at the end.
 * A placeholder that nobody gave has no place there and is written as null: ask `missingValues` first.
 */
export function configurationJson(root: EffectiveMapping): string {
  return effectiveJson(root, '\n');
}

/**
 * One effective value as JSON.
 * @param newline a newline and the indent of what follows; empty for all on one line.
 */
export function effectiveJson(value: EffectiveValue, newline: string): string {
  if (value.kind === 'mapping') {
    const parts: string[] = [];
    for (const [key, setting] of value.entries) {
      if (setting.value !== undefined) parts.push(member(key, effectiveJson(setting.value, inner(newline))));
    }
    return block('{', parts, '}', newline);
  }
  if (value.kind !== 'list') return value.kind === 'missing' ? 'null' : scalarJson(value.node);
  return block(
    '[',
    value.items.map((item) => nodeJson(item.node, inner(newline))),
    ']',
    newline,
  );
}

/** A part of one layer as JSON: an element of a list, which is not merged any further. */
export function nodeJson(node: LayerNode, newline: string): string {
  switch (node.kind) {
    case 'mapping': {
      const given = [...node.entries].filter(([, entry]) => entry.value.kind !== 'deleted');
      const parts = given.map(([key, entry]) => member(key, nodeJson(entry.value, inner(newline))));
      return block('{', parts, '}', newline);
    }
    case 'list':
      return block(
        '[',
        node.items.map((item) => nodeJson(item, inner(newline))),
        ']',
        newline,
      );
    case 'missing':
    case 'deleted':
      return 'null';
    default:
      return scalarJson(node);
  }
}

/** A scalar as Python's json module writes it. */
export function scalarJson(node: ScalarNode): string {
  switch (node.kind) {
    case 'string':
      return pythonString(node.value);
    case 'float':
      return pythonFloat(node.value);
    default:
      return String(node.value);
  }
}

/** A string as `json.dumps` writes it with `ensure_ascii`: all but printable ASCII as `\uXXXX`. */
export function pythonString(value: string): string {
  return `"${value.replace(/["\\]|[^ -~]/g, escapeUnit)}"`;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

function escapeUnit(unit: string): string {
  return short[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function member(key: string, value: string): string {
  return `${pythonString(key)}: ${value}`;
}

function block(open: string, parts: string[], close: string, newline: string): string {
  if (parts.length === 0) return open + close;
  if (newline === '') return `${open}${parts.join(', ')}${close}`;
  return `${open}${inner(newline)}${parts.join(`,${inner(newline)}`)}${newline}${close}`;
}

function inner(newline: string): string {
  return newline === '' ? '' : `${newline}    `;
}
