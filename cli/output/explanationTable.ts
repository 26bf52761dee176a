import Table from 'cli-table3';
import type pc from 'picocolors';
import {
  type ChainLink,
  type Explanation,
  foldExplanations,
  nodeText,
  valueText,
} from '../../core/features/explain.ts';
import { contextLabel } from '../../core/layers/context.ts';
import type { AppExplanations } from '../commands/explain.ts';
import { type PlaceOf, placeText } from './problems.ts';

interface Look {
  colors: ReturnType<typeof pc.createColors>;
  /** Columns of the terminal. */
  width: number;
}

/** A setting's values and chains as tables for people. Apps and contexts that are alike stand together. */
export function explanationTable(
  setting: string,
  explained: readonly AppExplanations[],
  placeOf: PlaceOf,
  look: Look,
): string {
  const parts = foldApps(explained, placeOf).map(({ apps, explanations }) => {
    const title = look.colors.bold(`${setting}  ${look.colors.cyan(apps.join(', '))}`);
    return [title, valueTable(explanations, placeOf, look), ...chains(explanations, placeOf, look)].join(
      '\n\n',
    );
  });
  return `${parts.join('\n\n')}\n`;
}

/** Apps in which a setting is the same in every context stand together. */
function foldApps(
  explained: readonly AppExplanations[],
  placeOf: PlaceOf,
): { apps: string[]; explanations: Explanation[] }[] {
  const groups = new Map<string, { apps: string[]; explanations: Explanation[] }>();
  for (const { app, explanations } of explained) {
    const key = explanations.map((one) => `${contextLabel(one.context)} ${says(one, placeOf)}`).join('\n');
    const group = groups.get(key) ?? { apps: [], explanations: [] };
    group.apps.push(app);
    group.explanations.push(...explanations);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function valueTable(explanations: readonly Explanation[], placeOf: PlaceOf, look: Look): string {
  const rows = foldExplanations(explanations).map(({ labels, explanations: [first] }) => [
    [...new Set(labels)].join(', '),
    valueText(first?.value),
    first?.winner === undefined ? '' : linkText(first.winner, placeOf),
  ]);
  return columns(['environment', 'effective value', 'from'], rows, 1, look);
}

/** One table a distinct chain: each layer with a say, then those without. */
function chains(explanations: readonly Explanation[], placeOf: PlaceOf, look: Look): string[] {
  const distinct = new Map<string, Explanation[]>();
  for (const one of explanations) {
    const key = says(one, placeOf);
    distinct.set(key, [...(distinct.get(key) ?? []), one]);
  }
  return [...distinct.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const labels = [...new Set(same.map((one) => contextLabel(one.context)))].join(', ');
    const links = same.flatMap((one) => one.chain.filter((link) => link.action === undefined));
    const silent = [...new Set(links.map((link) => fileText(link, placeOf)))];
    const title = `${look.colors.bold(labels)}${look.colors.dim(', lowest layer first')}`;
    const rest =
      silent.length === 0 ? [] : [look.colors.dim(wrap(`no say: ${silent.join(', ')}`, look.width))];
    const isSilent = first.chain.every((link) => link.action === undefined);
    const table = isSilent ? [] : [chainTable(first, placeOf, look)];
    return [[title, ...table, ...rest].join('\n')];
  });
}

function chainTable(one: Explanation, placeOf: PlaceOf, look: Look): string {
  const rows = one.chain
    .filter((link) => link.action !== undefined)
    .map((link) => {
      const wins = link.slot === one.winner?.slot && link.file === one.winner.file;
      const text = link.action === 'delete' || link.node === undefined ? '' : nodeText(link.node);
      const cells = [`${wins ? '>' : ' '} ${link.action}`, text, linkText(link, placeOf)];
      return wins ? cells.map((cell) => look.colors.green(cell)) : cells;
    });
  return columns(undefined, rows, 1, look);
}

/** What tells two chains apart: who said what where. */
function says(one: Explanation, placeOf: PlaceOf): string {
  return one.chain
    .filter((link) => link.action !== undefined)
    .map((link) => `${link.action} ${linkText(link, placeOf)} ${link.node ? nodeText(link.node) : ''}`)
    .join('\n');
}

function linkText(link: ChainLink, placeOf: PlaceOf): string {
  if (link.file === '' || link.keyRange === undefined) return `(${link.slot})`;
  return placeText(placeOf(link.file, link.keyRange));
}

function fileText(link: ChainLink, placeOf: PlaceOf): string {
  return placeOf(link.file, { start: 0, end: 0 }).file;
}

const gap = 2;
const indent = '  ';

/** Columns without lines; the one that may be long is cut so that a row fits the terminal. */
function columns(head: string[] | undefined, rows: string[][], long: number, look: Look): string {
  const plain = (text: string | undefined) => (text ?? '').replace(ansi, '').length;
  const widths = [0, 1, 2].map((column) =>
    Math.max(...[...(head ? [head] : []), ...rows].map((row) => plain(row[column]))),
  );
  const others = widths.reduce((sum, width, column) => (column === long ? sum : sum + width + gap), 0);
  const room = Math.max(12, look.width - indent.length - others - gap);
  const table = new Table({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colWidths: widths.map((width, column) => (column === long ? Math.min(width, room) : width) + gap),
    ...(head ? { head: head.map((cell) => look.colors.dim(cell)) } : {}),
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => indent + line.trimEnd())
    .join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const ansi = /\u001b\[\d+m/g;

const noLines = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = `${indent}        `;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
