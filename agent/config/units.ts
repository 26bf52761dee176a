const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const unitBytes = { B: 1, kB: 1000, MB: 1_000_000, GB: 1_000_000_000 } as const;

/** The milliseconds of a time like `500ms`, `10s`, `5m`, `2h` or `7d`; `undefined` where it is none. */
export function milliseconds(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * unitMs[unit as keyof typeof unitMs];
}

/** The bytes of a size like `512`, `64kB`, `10MB` or `4GB`; `undefined` where it is none. */
export function bytesOf(size: string | number): number | undefined {
  if (typeof size === 'number') return size;
  const [, digits, unit] = /^(\d{1,6})(B|kB|MB|GB)$/.exec(size) ?? [];
  return digits === undefined ? undefined : Number(digits) * unitBytes[unit as keyof typeof unitBytes];
}
