import { isFlag, isListOf, isObject, isOrNothing, isOrNull, isText } from '../../protocol/values.ts';

/** What came of a build, as `strata build --json` tells it. */
export interface BuildResult {
  app: string;
  built: boolean;
  failure: { code: string; message: string } | null;
  channel?: string | null;
  version?: string | null;
  /** The folder of the steps' logs. */
  logs?: string;
  steps: { step: string; outcome: string }[];
}

/** The result of a build in what the command printed; nothing where it did not get that far. */
export function readBuildResult(stdout: string): BuildResult | undefined {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return isBuildResult(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The step that a build ended with: the one that failed, where one did. */
export function lastStep({ steps }: BuildResult): string | undefined {
  return (steps.find(({ outcome }) => outcome === 'failed') ?? steps.at(-1))?.step;
}

/** Whether the build was refused for changes that are not committed; then a person may want it all the same. */
export function isRefusedAsDirty({ failure }: BuildResult): boolean {
  return failure?.code === 'invalid' && failure.message.includes('--allow-dirty');
}

/** Why nothing was built, in words; what would be an option of the command is a button here. */
export function failureText({ failure }: BuildResult): string | undefined {
  return failure?.message.replace('or give --allow-dirty', 'or build anyway');
}

function isBuildResult(value: unknown): value is BuildResult {
  if (!isObject(value)) return false;
  const { app, built, failure, channel, version, logs, steps } = value;
  const isName = (one: unknown) => one === undefined || isOrNull(one, isText);
  return (
    isText(app) &&
    isFlag(built) &&
    isOrNull(failure, isFailure) &&
    [channel, version].every(isName) &&
    isOrNothing(logs, isText) &&
    isListOf(steps, isStep)
  );
}

function isFailure(value: unknown): value is { code: string; message: string } {
  return isObject(value) && isText(value.code) && isText(value.message);
}

function isStep(value: unknown): value is { step: string; outcome: string } {
  return isObject(value) && isText(value.step) && isText(value.outcome);
}
