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
