import { ArtifactError } from './failure.ts';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The milliseconds of a time like `90d`, `12h` or `30m`; `invalid` where it is none. */
export function duration(what: string, text: string): number {
  const [, digits, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (digits !== undefined && unit !== undefined) return Number(digits) * unitMs[unit as keyof typeof unitMs];
  throw new ArtifactError('invalid', `${what}: ${JSON.stringify(text)} is no time: write 30m, 12h or 90d`);
}
