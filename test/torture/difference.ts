/** Where two values of JSON differ first, with both, for a person; `undefined` for equal ones. */
export function differenceOf(live: unknown, fresh: unknown, place = 'answer'): string | undefined {
  if (Object.is(live, fresh)) return undefined;
  if (!isHolder(live) || !isHolder(fresh)) return told(place, live, fresh);
  for (const key of new Set([...Object.keys(live), ...Object.keys(fresh)])) {
    const difference = differenceOf(live[key], fresh[key], `${place}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function told(place: string, live: unknown, fresh: unknown): string {
  return `${place}\n  of the live server: ${JSON.stringify(live)}\n  of a new server: ${JSON.stringify(fresh)}`;
}
