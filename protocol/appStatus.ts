import { type Deployment, isDeployment } from './deployment.ts';
import { isListOf, isObject, isOrNull, isText, isTime } from './values.ts';

/** An app on a box: `GET /v1/apps`. */
export interface AppStatus {
  app: string;
  live: string | null;
  /** When it went live, in milliseconds since 1970 by the clock of the box. */
  since: number | null;
  previous: string | null;
  /** The releases that are there and whole, newest first. */
  releases: { version: string; completed: number }[];
  /** The deployment that has the app now. */
  running: string | null;
  /** The newest deployment of the app that the box remembers and the caller may see, whether it runs or has ended. */
  last: Deployment | null;
}

export function isAppStatus(value: unknown): value is AppStatus {
  return (
    isObject(value) &&
    isText(value.app) &&
    [value.live, value.previous, value.running].every((one) => isOrNull(one, isText)) &&
    isOrNull(value.since, isTime) &&
    isListOf(value.releases, isRelease) &&
    isOrNull(value.last, isDeployment)
  );
}

function isRelease(value: unknown): value is AppStatus['releases'][number] {
  return isObject(value) && isText(value.version) && isTime(value.completed);
}
