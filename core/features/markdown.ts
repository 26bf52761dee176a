import type { Position } from '../text/lines.ts';
import { baseName } from '../text/paths.ts';

/** Makes the address of a place in a file, for a link. */
export type LinkTo = (file: string, position: Position) => string;

/** Text as inline code; backticks and the bars of tables in it do no harm. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Words that people wrote, as they are: no part of them is read as markdown. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|~#!&]/g, '\\$&');
}

/** A link to a place, shown as `common-qa.yaml:3`. */
export function placeLink(file: string, position: Position, linkTo: LinkTo): string {
  const shown = `${baseName(file)}:${position.line + 1}`.replace(/[[\]\\`*_|]/g, '\\$&');
  return `[${shown}](${linkTo(file, position)})`;
}

/** A text cut to a length that fits a hover. */
export function shortened(text: string, most = 80): string {
  const units = [...text];
  return units.length <= most ? text : `${units.slice(0, most - 1).join('')}…`;
}
