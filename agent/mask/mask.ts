import type { Range } from '../../core/text/range.ts';
import { formsOf, shortestSecret } from './forms.ts';

/** What is seen where a secret was. */
export const masked = '***';

/** The secrets of a deployment, to be kept out of all that is written. It grows, and never forgets one. */
export interface Mask {
  /**
   * Hides a value from now on, each of its lines by itself, and what it looks like in base64, in a URL and in JSON. Values
   * and lines of fewer than 4 characters are not hidden: they would be found everywhere.
   */
  add(secret: string): void;
  /** A text with all secrets hidden that are in it, also where they overlap. */
  apply(text: string): string;
  /** Likewise of a part of a text; what is outside of it counts, so that a secret may reach over its borders. */
  applyPart(text: string, start: number, end: number): string;
  /** Where secrets are in a text, in order; none overlaps another. */
  find(text: string): Range[];
  /** The length of the longest thing that is looked for, in UTF-16 code units. */
  readonly longest: number;
}

interface State {
  /** What is looked for, by a number made of its first four characters: nothing that is looked for is shorter. */
  forms: (string[] | undefined)[];
  known: Set<string>;
  longest: number;
}

const placeBits = 16;
const places = 2 ** placeBits;

export function createMask(secrets: Iterable<string> = []): Mask {
  const state: State = { forms: new Array(places).fill(undefined), known: new Set(), longest: 0 };
  for (const secret of secrets) add(state, secret);
  return {
    add: (secret) => add(state, secret),
    apply: (text) => applyPart(state, text, 0, text.length),
    applyPart: (text, start, end) => applyPart(state, text, start, end),
    find: (text) => hiddenSpans(state, text, text.length),
    get longest() {
      return state.longest;
    },
  };
}

function add(state: State, secret: string): void {
  for (const form of formsOf(secret)) {
    if (state.known.has(form)) continue;
    state.known.add(form);
    state.longest = Math.max(state.longest, form.length);
    const key = keyAt(form, 0);
    const others = state.forms[key];
    if (others === undefined) state.forms[key] = [form];
    else others.push(form);
  }
}

function applyPart(state: State, text: string, start: number, end: number): string {
  let shown = '';
  let at = start;
  for (const span of hiddenSpans(state, text, end)) {
    if (span.end <= at) continue;
    shown += text.slice(at, Math.max(at, span.start)) + masked;
    at = span.end;
    if (at >= end) return shown;
  }
  return shown + text.slice(at, end);
}

/** Where secrets are that begin before a place; those that overlap or touch are one. */
function hiddenSpans({ forms, known }: State, text: string, before: number): Range[] {
  const spans: Range[] = [];
  if (known.size === 0) return spans;
  const last = Math.min(before - 1, text.length - shortestSecret);
  for (let start = 0; start <= last; start++) {
    const length = longestAt(forms[keyAt(text, start)], text, start);
    if (length > 0) join(spans, { start, end: start + length });
  }
  return spans;
}

function longestAt(forms: string[] | undefined, text: string, at: number): number {
  let length = 0;
  if (forms === undefined) return length;
  for (const form of forms) {
    if (form.length > length && text.startsWith(form, at)) length = form.length;
  }
  return length;
}

function join(spans: Range[], span: Range): void {
  const before = spans.at(-1);
  if (before === undefined || before.end < span.start) spans.push(span);
  else before.end = Math.max(before.end, span.end);
}

/** The first four characters as one number; others may share it. */
function keyAt(text: string, at: number): number {
  const low = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
  const high = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16);
  const mixed = Math.imul(Math.imul(low, 31) ^ high, 0x9e3779b1);
  return mixed >>> (32 - placeBits);
}
