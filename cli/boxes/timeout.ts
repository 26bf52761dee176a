import { UsageError } from '../failure.ts';

/** The milliseconds of `--timeout`; a mistake of the call where it is none. */
export function readTimeout(seconds: string): number {
  const ms = Number(seconds) * 1000;
  if (ms > 0 && ms <= 3_600_000) return ms;
  throw new UsageError(`--timeout ${seconds}: write a number of seconds`);
}
