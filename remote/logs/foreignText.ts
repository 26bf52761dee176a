import { stripVTControlCharacters } from 'node:util';
import type { Colors } from 'picocolors/types.js';

/**
 * A line that others wrote, a command or a box: in colour where we write in colour, and nothing in it moves the cursor, rings a bell,
 * begins a new line or turns text around.
 */
export function foreignLine(text: string, colors: Colors): string {
  if (!hasControls.test(text)) return text;
  const parts = text.split(colour).map((part, index) => (index % 2 === 1 ? part : foreignText(part)));
  if (!colors.isColorSupported) return parts.filter((_, index) => index % 2 === 0).join('');
  return parts.length === 1 ? parts.join('') : `${parts.join('')}\u001b[0m`;
}

/** As {@link foreignLine}, without any colours. */
export function foreignText(text: string): string {
  return hasControls.test(text)
    ? stripVTControlCharacters(text).replace(/\r?\n/g, ' ').replace(controls, '')
    : text;
}

// C0 but for tabs, DEL, C1, ends of lines and paragraphs, and what changes the direction of text.
const set = '[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]';
const controls = new RegExp(set, 'g');
// Most lines have none, and need no second look.
const hasControls = new RegExp(set);

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours are written.
const colour = /(\u001b\[[\d;:]*m)/;
