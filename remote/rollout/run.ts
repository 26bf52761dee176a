import type { Balancer } from '../balancer/balancer.ts';
import type { RemoteAgent } from '../remoteAgent.ts';
import { noteWhoIsOut } from './balancing.ts';
import { batchesOf, whyStop } from './batches.ts';
import type { RolloutEvent, StopReason } from './events.ts';
import type { Rollout, RolloutBox } from './record.ts';
import { runBox } from './runBox.ts';
import { newTurns, type Turns } from './turns.ts';

/** What a rollout is run with. */
export interface RolloutPorts {
  /** The agent of each box, by its name. */
  agents: ReadonlyMap<string, RemoteAgent>;
  /** The balancers before each box, by its name, in the order in which it is taken out of them. */
  balancers?: ReadonlyMap<string, readonly Balancer[]>;
  /** Keeps the record where it outlives this process; asked one at a time. */
  keep(rollout: Rollout): Promise<void>;
  tell(event: RolloutEvent): void;
  /** Begins no other box, and cancels those that run; their ends are waited for. */
  signal: AbortSignal;
  /** Waits no longer: what runs goes on on the boxes. */
  leave: AbortSignal;
  /** How long an agent may be away while it deploys, in milliseconds; ten minutes when left out. */
  patienceMs?: number;
}

/** A rollout while it runs. */
export interface Run extends Omit<RolloutPorts, 'keep'> {
  rollout: Rollout;
  turns: Turns;
  /** Keeps the record as it is. Never throws: where that fails, `brokenRecord` says why from then on. */
  save(): Promise<void>;
  brokenRecord(): string | undefined;
}

/** The record cannot be kept, and so nothing was begun. */
export class RecordError extends Error {}

/**
 * Deploys to the boxes of a rollout, batch by batch. One that was broken off, at whatever moment, is taken up where it is: what runs is followed, and no
 * box is deployed to twice. Throws a `RecordError` before
 * anything is begun.
 * @returns the rollout as it is now; a box without an outcome is one that was left.
 */
export async function runRollout(given: Rollout, ports: RolloutPorts): Promise<Rollout> {
  const run = openRun(structuredClone(given), ports);
  const { rollout, tell } = run;
  await run.save();
  const broken = run.brokenRecord();
  if (broken !== undefined) throw new RecordError(broken);
  noteWhoIsOut(run);
  const batches = batchesOf(rollout);
  for (const [index, batch] of batches.entries()) {
    const isStopped = stopReason(run) !== undefined;
    const open = batch.filter((one) => one.outcome === null && (one.isBegun || !isStopped));
    if (open.length === 0) continue;
    const boxes = open.map((one) => one.box);
    tell({ type: 'batch', batch: index + 1, of: batches.length, boxes, isCanary: batch.some(isCanary) });
    await Promise.all(open.map((one) => runBox(run, one)));
  }
  await close(run);
  return rollout;
}

function isCanary(one: RolloutBox): boolean {
  return one.isCanary;
}

function openRun(rollout: Rollout, { keep, ...ports }: RolloutPorts): Run {
  let broken: string | undefined;
  let last = Promise.resolve();
  const save = () => {
    last = last.then(async () => {
      rollout.updated = Date.now();
      try {
        await keep(rollout);
      } catch (error) {
        broken ??= `the record of the rollout cannot be kept: ${(error as Error).message}`;
      }
    });
    return last;
  };
  return { ...ports, rollout, turns: newTurns(), save, brokenRecord: () => broken };
}

function stopReason(run: Run): StopReason | undefined {
  if (run.signal.aborted) return 'asked';
  return whyStop(run.rollout) ?? (run.brokenRecord() === undefined ? undefined : 'record');
}

/** Says of what was never begun why that is. */
async function close(run: Run): Promise<void> {
  const rest = run.rollout.boxes.filter((one) => one.outcome === null && !one.isBegun);
  const reason = stopReason(run);
  if (rest.length === 0 || reason === undefined) return;
  for (const one of rest) {
    one.outcome = 'not_started';
    one.reason = reasons[reason];
  }
  await run.save();
  run.tell({ type: 'stopped', reason, message: run.brokenRecord() ?? null });
  for (const one of rest) run.tell({ type: 'ended', box: one.box, result: { ...one } });
}

const reasons: Readonly<Record<StopReason, string>> = {
  failures: 'too many boxes had failed',
  canary: 'the canary had failed',
  asked: 'the rollout was stopped',
  record: 'the record of the rollout could not be kept',
};
