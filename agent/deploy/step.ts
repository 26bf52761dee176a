import type { StepOptions } from '../../core/steps/readSteps.ts';
import type { ConfigChange, FileChange, NamedChange } from '../../protocol/deploymentPlan.ts';
import type { HookUser } from './hooks/runHook.ts';
import type { SideFiles } from './steps/sideFiles.ts';

/** The release that a step works on. */
export interface StepContext {
  app: string;
  version: string;
  channel: string;
  /** What the build says of the artifact; nothing of it behind the commit. */
  metadata: Readonly<Record<string, string>>;
  /** The folder of the release: a staging folder until it is committed. */
  release: string;
  /** The release that is live, or was; `undefined` where there was none. */
  previous: string | undefined;
  /** The app's effective configuration, as in `configuration.json`. */
  config: Readonly<Record<string, unknown>>;
  /** The same as a text, in which `1` and `1.0` differ; `{}` where the app has none. */
  configText: string;
  /** The version of the central config that is asked for; its latest when left out. */
  configs?: string | undefined;
  environment: string;
  cluster: string | undefined;
  /** Apps are in folders of it. */
  root: string;
  /** What the app's `deploy/steps.yaml` says of the step. */
  options: StepOptions;
  /** Whom the app runs as; the agent's own user when left out. */
  user: HookUser | undefined;
  /** What of the box this app has by this step, outside of its releases. */
  owned: OwnedFiles;
  /** Asks a program of the box something; changes nothing. `failed` where it cannot be started. */
  ask(command: Command): Promise<Answer>;
  /** Tells a line, which is masked and put into the journal. */
  log(text: string, stream?: 'stdout' | 'stderr' | 'agent'): void;
  /** What must never be seen in the journal from now on. */
  mask(secret: string): void;
  signal: AbortSignal;
}

/** A step at work. */
export interface StepWork extends StepContext {
  /** The deployment. */
  id: string;
  /** Whether somebody saw a plan of it, which still holds. */
  isPlanned: boolean;
  /** Asks a program something; where it is told how, as `run` would run it. */
  ask(command: Command, options?: Omit<CommandOptions, 'timeoutMs'>): Promise<Answer>;
  /** Changes files outside of the release so that they are put back where the deployment goes back. */
  side: SideFiles;
  /** Puts down what `withdraw` and `restore` need to know, on the disk when it ends; what was put down before goes. */
  keep(facts: object): Promise<void>;
  /** What was put down last, also by another life of the agent. */
  kept(): Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * Runs a program, whose lines go into the journal. It outlives the agent, and what goes on behind it waits until it is gone.
   * `failed` with its exit code, `cancelled`.
   */
  run(command: Command, options?: CommandOptions): Promise<void>;
}

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

export interface CommandOptions {
  /** The release when left out. */
  cwd?: string;
  /** More variables. */
  env?: Record<string, string>;
  /** As whom the app runs, in place of the agent's own user. */
  asUser?: boolean;
  /** That of hooks when left out. */
  timeoutMs?: number;
}

/** What a program said. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Files outside of the releases that the live release of an app put there. */
export interface OwnedFiles {
  /** The file that keeps the list. */
  list: string;
  /** By their paths, with the SHA-256 of their content. */
  files: ReadonlyMap<string, string>;
}

/** What a step would do; the parts of a plan that it knows of. */
export interface StepPlan {
  config?: ConfigChange[];
  files?: FileChange[];
  units?: NamedChange[];
  vhosts?: NamedChange[];
  restarts?: string[];
  migrations?: string[];
  /** What a person should know of it. */
  notes?: string[];
  obstacles?: string[];
}

/** One thing that the agent does for an app beside its own hooks: a file of `agent/steps/` each. */
export interface Step {
  /** One of the names of `core/steps/stepNames.ts` is found by convention, in its place; the others come first, and always. */
  name: string;
  /** Whether the app wants it; whatever is found when left out. */
  applies?(context: StepContext): boolean;
  /** Whether it looks at a file of the release while it plans, by its path; those of `deploy/` and at the top are there anyway. */
  reads?(path: string): boolean;
  /** What it would do. Changes nothing. */
  plan(context: StepContext): Promise<StepPlan>;
  /** Before `live` is swung: changes nothing outside of the release that `restore` could not take back. */
  prepare?(work: StepWork): Promise<void>;
  /** After `live` was swung. It may have been done before, in part or wholly: an agent may be killed at any time. */
  deployed?(work: StepWork): Promise<void>;
  /** While the release has its health checked: ends when the step is content too, such as with daemons that stay up. A failure is the deployment's. */
  watched?(work: StepWork): Promise<void>;
  /** When the deployment has passed all its checks: what is left to do, such as ending what the release before still has open. A failure is only told. */
  settled?(work: StepWork): Promise<void>;
  /** Where the deployment goes back: ends what lives from files that are put back next, or go. It may be called twice. */
  withdraw?(work: StepWork): Promise<void>;
  /**
   * Takes back what `prepare` and `deployed` did, where one of them was begun; the files outside of the release are as they were before
   * already, and the release may be gone. It may be called twice.
   */
  restore?(work: StepWork): Promise<void>;
}
