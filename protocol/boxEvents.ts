import { type AppStatus, isAppStatus } from './appStatus.ts';
import { isObject } from './values.ts';

/** What a box tells of all its apps: `GET /v1/events`. */
export type BoxEvent =
  /** An app as it is now. */
  | { type: 'app'; status: AppStatus }
  /** Every app that is there has been told of; from here on, those that change. */
  | { type: 'current' };

/** Whether it is an event of a kind that is known here. */
export function isBoxEvent(value: unknown): value is BoxEvent {
  if (!isObject(value)) return false;
  return value.type === 'current' || (value.type === 'app' && isAppStatus(value.status));
}
