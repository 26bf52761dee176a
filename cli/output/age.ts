const units: readonly [ms: number, name: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** How long something lasts or is ago, by its largest unit: `12 s`, `5 min`, `3 h`, `40 d`. */
export function ageText(ms: number): string {
  const [unit, name] = units.find(([one]) => ms >= one) ?? [1000, 's'];
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`;
}
