import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { LayerNode, ListNode, ScalarNode } from '../yaml/tree.ts';
import { pythonFloat } from './pythonNumber.ts';

/** How JSON is set out. */
export interface JsonStyle {
  /** Whether every member stands on a line of its own; else all is on one line. */
  lines: boolean;
  text(value: string): string;
  float(value: number): string;
  /** A placeholder that nobody gave. */
  missing(reason: string): string;
}

/** The style of Python's `json.dump(config, indent=4, separators=(',', ': '))`. */
const pythonStyle: JsonStyle = {
  lines: true,
  text: pythonString,
  float: pythonFloat,
  missing: () => 'null',
};

/** On one line, in ASCII: for machines. What JSON has no number for (`NaN`) is a string. */
export const compactStyle: JsonStyle = {
  lines: false,
  text: pythonString,
  float: (value) => (Number.isFinite(value) ? pythonFloat(value) : `"${pythonFloat(value)}"`),
  missing: () => 'null',
};

/** On one line, with letters as they are: for people. */
export const readableStyle: JsonStyle = {
  lines: false,
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

/**
 * One effective value as JSON.
 * @param depth how many mappings and lists are around it.
 */
export function effectiveJson(value: EffectiveValue, style: JsonStyle, depth = 0): string {
  switch (value.kind) {
    case 'mapping': {
      let members = '';
      for (const [key, { value: one }] of value.entries) {
        if (one === undefined) continue;
        const text = effectiveJson(one, style, depth + 1);
        members += `${start(members, style, depth)}${style.text(key)}: ${text}`;
      }
      return `{${members}${end(members, style, depth)}}`;
    }
    case 'list': {
      let members = '';
      for (const { list } of value.parts) members = elements(members, list, style, depth);
      return `[${members}${end(members, style, depth)}]`;
    }
    case 'missing':
      return style.missing(value.node.reason);
    default:
      return scalarJson(value.node, style);
  }
}

/**
 * A part of one layer as JSON: an element of a list, which is not merged any further.
 * @param depth how many mappings and lists are around it.
 */
export function nodeJson(node: LayerNode, style: JsonStyle, depth = 0): string {
  switch (node.kind) {
    case 'mapping': {
      let members = '';
      for (const [key, { value }] of node.entries) {
        if (value.kind === 'deleted') continue;
        const text = nodeJson(value, style, depth + 1);
        members += `${start(members, style, depth)}${style.text(key)}: ${text}`;
      }
      return `{${members}${end(members, style, depth)}}`;
    }
    case 'list': {
      const members = elements('', node, style, depth);
      return `[${members}${end(members, style, depth)}]`;
    }
    case 'missing':
      return style.missing(node.reason);
    case 'deleted':
      return 'null';
    default:
      return scalarJson(node, style);
  }
}

/** The elements of one more list behind those before. */
function elements(before: string, { items }: ListNode, style: JsonStyle, depth: number): string {
  let members = before;
  for (const item of items) members += start(members, style, depth) + nodeJson(item, style, depth + 1);
  return members;
}

/** What stands before a member of a mapping or list at a depth. */
function start(before: string, style: JsonStyle, depth: number): string {
  if (!style.lines) return before === '' ? '' : ', ';
  return before === '' ? newline(depth + 1) : separator(depth + 1);
}

function end(members: string, style: JsonStyle, depth: number): string {
  return members === '' || !style.lines ? '' : newline(depth);
}

const indent = '    ';
/** Made once: every member of every configuration needs one. */
const newlines = Array.from({ length: 32 }, (_, depth) => `\n${indent.repeat(depth)}`);
const separators = newlines.map((one) => `,${one}`);

function newline(depth: number): string {
  return newlines[depth] ?? `\n${indent.repeat(depth)}`;
}

function separator(depth: number): string {
  return separators[depth] ?? `,${newline(depth)}`;
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
  // Nearly all strings are plain, and telling that is cheaper than going through them.
  return special.test(value) ? `"${value.replace(specials, escapeUnit)}"` : `"${value}"`;
}

const special = /["\\]|[^ -~]/;
const specials = new RegExp(special, 'g');
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
