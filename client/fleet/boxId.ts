import type { FleetBox } from './fleet.ts';

/** Tells boxes apart, for as long as they are where they are. */
export function boxId({ workspace, name, url }: FleetBox): string {
  return JSON.stringify([workspace.root, name, url]);
}
