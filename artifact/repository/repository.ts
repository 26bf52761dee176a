import { checkArtifactName } from '../names.ts';
import type { Trust } from '../signing/trust.ts';
import type { Store } from '../store/store.ts';

/** Where artifacts are kept, and whose artifacts may be used. What works on it takes it as its first argument. */
export interface Repository {
  readonly store: Store;
  readonly trust: Trust;
  /** The time in milliseconds since 1970; of the machine unless a test says otherwise. */
  readonly now: () => number;
}

/** The versions of one artifact of an app on one channel. */
export interface Series {
  app: string;
  channel: string;
  /** The name of the artifact's file; yodeploy looks for `APP.tar.gz`. */
  artifact: string;
}

/** Tells how far the work has come, in bytes. */
export type BytesTold = (done: number, total: number) => void;

/** What every longer work takes. */
export interface WorkOptions {
  signal?: AbortSignal | undefined;
  onBytes?: BytesTold | undefined;
}

/** A repository over a store, with whom it trusts. */
export function openRepository(store: Store, trust: Trust, now: () => number = Date.now): Repository {
  return { store, trust, now };
}

/** The channel that is meant where none is named. */
export const defaultChannel = 'master';

/** The series of an app, with the names that yodeploy takes where none are given; `invalid` where one cannot be. */
export function seriesOf(app: string, { channel, artifact }: Partial<Series> = {}): Series {
  return {
    app: checkArtifactName('an app', app),
    channel: checkArtifactName('a channel', channel ?? defaultChannel),
    artifact: checkArtifactName('an artifact', artifact ?? `${app}.tar.gz`),
  };
}

/** A series as people read it: `shop/master`, with its artifact where that is not the app's own. */
export function seriesText({ app, channel, artifact }: Series): string {
  return artifact.startsWith(`${app}.tar`) ? `${app}/${channel}` : `${app}/${channel}/${artifact}`;
}
