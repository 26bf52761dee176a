import { isListOf, isObject, isOrNull, isText, isTime } from './values.ts';

/** An app on a box: `GET /v1/apps`. */
export interface AppStatus {
  app: string;
  live: string | null;
  previous: string | null;
  /** The releases that are there and whole, newest first. */
  releases: { version: string; completed: number }[];
  /** The deployment that has the app now. */
  running: string | null;
}

export function isAppStatus(value: unknown): value is AppStatus {
  return (
    isObject(value) &&
    isText(value.app) &&
    [value.live, value.previous, value.running].every((one) => isOrNull(one, isText)) &&
    isListOf(value.releases, isRelease)
  );
}

function isRelease(value: unknown): value is AppStatus['releases'][number] {
  return isObject(value) && isText(value.version) && isTime(value.completed);
}
