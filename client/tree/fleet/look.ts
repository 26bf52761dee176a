import type { AppStatus } from '../../../protocol/appStatus.ts';

/** How it stands with an app: what its icon shows. */
export type AppLook = 'running' | 'live' | 'nothing' | 'failed' | 'rolledBack' | 'unknown';

/** What is being done comes first, then what was done last. */
export function appLook({ live, running, last }: AppStatus): AppLook {
  if (running !== null) return 'running';
  if (last?.result === 'failed') return 'failed';
  if (last?.result === 'rolled_back') return 'rolledBack';
  if (last?.result === 'unknown') return 'unknown';
  return live === null ? 'nothing' : 'live';
}

const units: readonly [ms: number, name: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** How long something is ago, by its largest unit: `5 min`, `3 h`, `40 d`; `< 1 min` where it was just now. */
export function ageText(ms: number): string {
  const unit = units.find(([one]) => ms >= one);
  return unit === undefined ? '< 1 min' : `${Math.floor(ms / unit[0])} ${unit[1]}`;
}
