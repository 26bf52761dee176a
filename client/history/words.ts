import type { Deployment } from '../../protocol/deployment.ts';

/** A duration in words: `0.4 s`, `42 s`, `3 min 12 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const units: readonly [Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** How long ago something was: `3 minutes ago`. */
export function agoText(time: number, now: number, language: string): string {
  const ms = Math.min(0, time - now);
  const [unit, size] = units.find(([, size]) => -ms >= size) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(ms / size), unit);
}

/** `shop 11 → 12` */
export function changeText({ app, previous, version, channel }: Deployment): string {
  const from = previous === null || previous === version ? '' : `${previous} → `;
  const where = channel === 'master' ? '' : ` (${channel})`;
  return `${app} ${from}${version}${where}`;
}

/** The icon of a deployment: how it ended, or that it runs. */
export function iconOf({ result }: Deployment): string {
  if (result === null) return 'sync';
  return { done: 'pass', failed: 'error', rolled_back: 'discard', unknown: 'question' }[result];
}

/** Local time as it sorts: `2026-02-28 13:45:10`. */
export function timeText(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** Rows as a table: each column as wide as its widest cell. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
