import type { Owner } from '../../protocol/deployment.ts';
import type { ArchiveCache } from '../artifacts/archiveCache.ts';
import type { ConfigurationBox } from '../configuration/step.ts';
import type { Step } from '../deploy/step.ts';
import type { Secrets } from './secrets.ts';

/** A release that is whole and on the disk. */
export interface ThereRelease {
  version: string;
  /** Where it came from, where that is known. */
  channel?: string | undefined;
  /** Its folder. */
  path: string;
}

/** What a plan has to know of a box. Nothing of it changes anything. */
export interface PlanBox extends ConfigurationBox {
  /** The release that is live, and the one before it; nothing where there is none. */
  live(app: string): Promise<ThereRelease | undefined>;
  previous(app: string): Promise<ThereRelease | undefined>;
  /** A release that a rollback can go to. */
  release(app: string, version: string, channel: string | undefined): Promise<ThereRelease | undefined>;
  /** Who has the app now. */
  busy(app: string): Promise<Owner | undefined>;
  /** Where the agent keeps its own. */
  state: string;
  steps: readonly Step[];
  secrets: Secrets;
  /** Where archives that plans need are kept for the deployment that follows; nowhere when left out. */
  archives?: ArchiveCache | undefined;
  /** An existing folder that plans make their own folders in, on the box's disk but in no app's folder. */
  temporary: string;
}
