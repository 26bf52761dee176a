import { UsageError } from '../../failure.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The time of `--since`, in milliseconds since 1970: so long ago, or a date with or without a time. */
export function readSince(text: string, now: number): number {
  const [, digits, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits !== undefined) return now - Number(digits) * (unitMs[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--since ${text}: write 90s, 10m, 2h or 1d, or a time like 2026-02-28T13:45Z`);
}
