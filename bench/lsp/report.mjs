// The figures as a Markdown table.

/** @typedef {import('./figures.mjs').Figure} Figure */
/** @typedef {import('./figures.mjs').Spread} Spread */

/** @param {readonly Figure[]} figures */
export function reportTable(figures) {
  const head = ['what', 'Strata', 'against', 'ratio', 'target', 'met'];
  const rows = figures.map((one) => [
    one.what,
    `${number(one.strata.median)} ${one.measured}${one.unit === 'times' ? '' : range(one.figure)}`,
    against(one),
    one.unit === 'times' ? `${number(one.figure.median)}${range(one.figure)}` : '',
    targetText(one),
    Number.isFinite(one.target) ? (one.figure.median <= one.target ? 'met' : 'NOT met') : '',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** @param {Figure} figure */
function against({ peer, other, measured }) {
  return other === undefined ? peer : `${peer}: ${number(other.median)} ${measured}`;
}

/** @param {Figure} figure */
function targetText({ target, unit }) {
  if (!Number.isFinite(target)) return '';
  return unit === 'times' ? `≤ ${number(target)}` : `≤ ${target} ${unit}`;
}

/** @param {Spread} spread */
function range({ min, max }) {
  return ` (${number(min)} to ${number(max)})`;
}

/** Three digits, as far as they stand before or shortly behind the point. */
function number(/** @type {number} */ value) {
  if (value >= 100) return value.toLocaleString('en', { maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(value < 0.1 ? 2 : 3)));
}
