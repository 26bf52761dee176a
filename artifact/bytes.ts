const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes as people read it: `999 B`, `1.5 kB`, `20.5 MB`, `480 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
