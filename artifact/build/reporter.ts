/** The steps of a build, in their order. */
export const stepNames = ['configure', 'prepare', 'build', 'test', 'package', 'upload', 'summary'] as const;

export type StepName = (typeof stepNames)[number];

/** How a step went: `none` where the app has nothing to do in it, `left-out` where the caller did not want it. */
export type StepOutcome = 'done' | 'none' | 'left-out' | 'failed' | 'cancelled';

export interface StepResult {
  step: StepName;
  outcome: StepOutcome;
  ms: number;
}

/** Who is told how a build goes. */
export interface Reporter {
  begin(step: StepName): void;
  /** Lines that a command of the app printed; what is returned is waited for, so that a slow reader slows it down. */
  lines(lines: string[]): void | Promise<void>;
  /** A line of ours. */
  note(text: string): void;
  /** Something that is no failure, and that a person should know. */
  warn(text: string): void;
  /** How far the step has come, for a while. */
  progress(text: string): void;
  end(result: StepResult): void;
}
