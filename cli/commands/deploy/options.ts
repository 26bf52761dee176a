import { type Command, InvalidArgumentError } from 'commander';
import { batchSize } from '../../../remote/rollout/batches.ts';
import { withBoxChoice } from '../boxes/options.ts';

/** The options that `deploy` and `rollback` share. */
export interface RolloutOptions {
  directory?: string;
  env?: string;
  cluster?: string;
  box?: string[];
  label?: string[];
  channel?: string;
  version?: string;
  /** A number of boxes, or `25%` of them. */
  batch?: string;
  /** The names of boxes, or how many. */
  canary?: string[];
  maxFailures?: number;
  wait?: true;
  yes?: true;
  json?: true;
}

/** Adds the options of {@link RolloutOptions}. */
export function withRolloutOptions(command: Command): Command {
  return withBoxChoice(command)
    .option('--channel <name>', 'the channel (default: master)')
    .option('--version <version>', 'the version (default: the latest of the channel, or the release before)')
    .option('--batch <n|p%>', 'so many boxes at a time, or that part of them (default: 1)', batch)
    .option('--canary <box|n>', 'this box, or so many, first: it must succeed before the others', collect)
    .option('--max-failures <n>', 'begin no other box once more than so many have failed (default: 0)', count)
    .option('--wait', 'wait where the app is busy (default: be refused)')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print what happens as lines of JSON');
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function batch(value: string): string {
  if (batchSize(value, 1) === undefined) {
    throw new InvalidArgumentError('it must be a number of boxes, or a part of them such as 25%');
  }
  return value;
}

function count(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('it must be a whole number');
  return Number(value);
}
