import type { ConfigChange, FileChange, NamedChange } from '../../protocol/deploymentPlan.ts';

/** The release that a step works on. */
export interface StepContext {
  app: string;
  version: string;
  /** The folder of the release: a staging folder until it is committed. */
  release: string;
  /** The release that is live, or was; `undefined` where there was none. */
  previous: string | undefined;
  /** The app's effective configuration, as in `configuration.json`. */
  config: Readonly<Record<string, unknown>>;
  /** The version of the central config that is asked for; its latest when left out. */
  configs?: string | undefined;
  environment: string;
  cluster: string | undefined;
  /** Tells a line, which is masked and put into the journal. */
  log(text: string, stream?: 'stdout' | 'stderr' | 'agent'): void;
  /** What must never be seen in the journal from now on. */
  mask(secret: string): void;
  signal: AbortSignal;
}

/** What a step would do; the parts of a plan that it knows of. */
export interface StepPlan {
  config?: ConfigChange[];
  files?: FileChange[];
  units?: NamedChange[];
  vhosts?: NamedChange[];
  restarts?: string[];
  migrations?: string[];
  obstacles?: string[];
}

/** One thing that the agent does for an app beside its own hooks: a file of `agent/steps/` each. */
export interface Step {
  name: string;
  /** Whether the app wants it. */
  applies(context: StepContext): boolean;
  /** Whether it looks at a file of the release while it plans, by its path; those of `deploy/` and at the top are there anyway. */
  reads?(path: string): boolean;
  /** What it would do. Changes nothing. */
  plan(context: StepContext): Promise<StepPlan>;
  /** Before `live` is swung: changes nothing outside of the release that `restore` could not take back. */
  prepare?(context: StepContext): Promise<void>;
  /** After `live` was swung. */
  deployed?(context: StepContext): Promise<void>;
  /** Puts back what `prepare` and `deployed` changed outside of the release; it may be called twice. */
  restore?(context: StepContext): Promise<void>;
}
