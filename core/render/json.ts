import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { LayerNode, ScalarNode } from '../yaml/tree.ts';
import { pythonFloat } from './pythonNumber.ts';

/** How JSON is set out. */
export interface JsonStyle {
  /** A newline and the indent of what follows; empty for all on one line. */
  newline: string;
  text(value: string): string;
  float(value: number): string;
  /** A placeholder that nobody gave. */
  missing(reason: string): string;
}

/** The style of Python's `json.dump(config, indent=4, separators=(',', ': '))`. */
const pythonStyle: JsonStyle = {
  newline: '\n',
  text: pythonString,
  float: pythonFloat,
  missing: () => 'null',
};

/** On one line, in ASCII: for machines. What JSON has no number for (`NaN`) is a string. */
export const compactStyle: JsonStyle = {
  newline: '',
  text: pythonString,
  float: (value) => (Number.isFinite(value) ? pythonFloat(value) : `"${pythonFloat(value)}"`),
  missing: () => 'null',
};

/** On one line, with letters as they are: for people. */
export const readableStyle: JsonStyle = {
  newline: '',
  text: (value) => JSON.stringify(value),
  float: pythonFloat,
  missing: (reason) => (reason === '' ? '!missing' : `!missing ${reason}`),
};

/**
 * The bytes of configuration.json, as text in ASCII: what Python's
 * `json.dump(config, indent=4, separators=(',', ': '))` writes, without a newline at the end.
 * A placeholder that nobody gave has no place there and is written as null: ask `missingValues` first.
 */
export function configurationJson(root: EffectiveMapping): string {
  return effectiveJson(root, pythonStyle);
}

/** One effective value as JSON. */
export function effectiveJson(value: EffectiveValue, style: JsonStyle): string {
  switch (value.kind) {
    case 'mapping': {
      const below = inner(style);
      const parts: string[] = [];
      for (const [key, { value: one }] of value.entries) {
        if (one !== undefined) parts.push(member(key, effectiveJson(one, below), style));
      }
      return block('{', parts, '}', style);
    }
    case 'list': {
      const below = inner(style);
      return block(
        '[',
        value.items.map((item) => nodeJson(item.node, below)),
        ']',
        style,
      );
    }
    case 'missing':
      return style.missing(value.node.reason);
    default:
      return scalarJson(value.node, style);
  }
}

/** A part of one layer as JSON: an element of a list, which is not merged any further. */
export function nodeJson(node: LayerNode, style: JsonStyle): string {
  switch (node.kind) {
    case 'mapping': {
      const below = inner(style);
      const given = [...node.entries].filter(([, entry]) => entry.value.kind !== 'deleted');
      const parts = given.map(([key, entry]) => member(key, nodeJson(entry.value, below), style));
      return block('{', parts, '}', style);
    }
    case 'list': {
      const below = inner(style);
      return block(
        '[',
        node.items.map((item) => nodeJson(item, below)),
        ']',
        style,
      );
    }
    case 'missing':
      return style.missing(node.reason);
    case 'deleted':
      return 'null';
    default:
      return scalarJson(node, style);
  }
}

/** A scalar as Python's json module writes it. */
function scalarJson(node: ScalarNode, style: JsonStyle): string {
  switch (node.kind) {
    case 'string':
      return style.text(node.value);
    case 'float':
      return style.float(node.value);
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

function member(key: string, value: string, style: JsonStyle): string {
  return `${style.text(key)}: ${value}`;
}

function block(open: string, parts: string[], close: string, style: JsonStyle): string {
  const { newline } = style;
  if (parts.length === 0) return open + close;
  if (newline === '') return `${open}${parts.join(', ')}${close}`;
  const next = inner(style).newline;
  return `${open}${next}${parts.join(`,${next}`)}${newline}${close}`;
}

function inner(style: JsonStyle): JsonStyle {
  return style.newline === '' ? style : { ...style, newline: `${style.newline}    ` };
}
