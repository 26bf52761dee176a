/** An object that is no list; its values may be anything. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** A number of something, a time in milliseconds: whole, and from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** A time or a duration in milliseconds, which may have a fraction. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

type Guard<T> = (value: unknown) => value is T;

export function isListOf<T>(value: unknown, isOne: Guard<T>): value is T[] {
  return Array.isArray(value) && value.every((one) => isOne(one));
}

export function isOrNull<T>(value: unknown, isOne: Guard<T>): value is T | null {
  return value === null || isOne(value);
}

/** What may be left out. */
export function isOrNothing<T>(value: unknown, isOne: Guard<T>): value is T | undefined {
  return value === undefined || isOne(value);
}
