import Table from 'cli-table3';
import type { colorsFor } from './problems.ts';

/** Rows in columns without lines, each as wide as it must be; nothing where there is no row. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colors: ReturnType<typeof colorsFor>,
): string {
  if (rows.length === 0) return '';
  const table = new Table({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    head: head.map((cell) => colors.dim(cell)),
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const noLines = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);
