import { type Balancer, BalancerError } from '../balancer/balancer.ts';
import type { End } from './follow.ts';
import { type Balancing, isBad, type RolloutBox } from './record.ts';
import type { Run } from './run.ts';

/** A box that is taken out of balancers, or put back. */
interface Turn {
  run: Run;
  one: RolloutBox;
  balancing: Balancing;
}

/** Puts down which boxes are out by the record of a rollout that is taken up: others may wait for them. */
export function noteWhoIsOut(run: Run): void {
  for (const one of run.rollout.boxes) {
    const { outOf = [] } = (one.outcome === null && one.isBegun && one.balancing) || {};
    const out = balancersOf(run, one).filter(({ name }) => outOf.includes(name));
    for (const balancer of out) poolOf(balancer, (pool) => run.turns.out(pool, one.box));
  }
}

/**
 * Takes a box out of the balancers before it, one after the other; the record says so before each. Throws the reason of `leave`.
 * @returns why that did not work; nothing was asked of its agent then, and who was taken out has to be put back.
 */
export async function takeOut(run: Run, one: RolloutBox): Promise<End | undefined> {
  const balancers = balancersOf(run, one);
  const { stage } = one.balancing ?? {};
  // By the record that was done, and its agent may have been asked already.
  if (balancers.length === 0 || stage === 'out' || stage === 'kept') return undefined;
  one.balancing ??= { stage: 'before', outOf: [] };
  const turn: Turn = { run, one, balancing: one.balancing };
  turn.balancing.stage = 'leaving';
  try {
    for (const balancer of balancers) await leave(turn, balancer);
    turn.balancing.stage = turn.balancing.outOf.length === 0 ? 'kept' : 'out';
    await run.save();
    return undefined;
  } catch (error) {
    run.leave.throwIfAborted();
    const untouched = { serves: true, isUntouched: true };
    if (run.signal.aborted) {
      return {
        outcome: 'cancelled',
        reason: 'it was stopped before anything was changed there',
        ...untouched,
      };
    }
    if (!(error instanceof BalancerError)) throw error;
    return { outcome: 'failed', reason: `${error.message}; nothing was changed there`, ...untouched };
  }
}

async function leave(turn: Turn, balancer: Balancer): Promise<void> {
  const { run, one } = turn;
  const { name } = balancer;
  const tell = (state: 'waiting' | 'begun' | 'done' | 'kept', message: string | null = null) =>
    run.tell({ type: 'out', box: one.box, balancer: name, state, message });
  const signal = AbortSignal.any([run.signal, run.leave]);
  tell('begun');
  try {
    if ((await leaveInTurn(turn, balancer, signal, () => tell('waiting'))) === 'only') {
      const message = 'there is no other box: requests may fail while it is deployed';
      return tell('kept', message);
    }
    tell('done', await balancer.rest(signal));
  } catch (error) {
    throw named(error, `it could not be taken out of ${name}`);
  }
}

/** Has it get no new requests; waits where all others are away that this rollout has taken out. */
async function leaveInTurn(
  turn: Turn,
  balancer: Balancer,
  signal: AbortSignal,
  waits: () => void,
): Promise<'leaves' | 'only'> {
  const { turns } = turn.run;
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    const { said, others } = await turns.alone(balancer.pool, () => tryToLeave(turn, balancer, signal));
    if (said !== 'last') return said;
    if (others === undefined) throw new BalancerError(lastText);
    if (isFirst) waits();
    await unlessStopped(others, signal);
  }
}

const lastText =
  'no other box behind it is up: put one back (strata balancers), or deploy to the others first';

interface Said {
  said: Awaited<ReturnType<Balancer['leave']>>;
  /** Resolves when another box of this rollout is back; nothing where none is out. */
  others: Promise<void> | undefined;
}

async function tryToLeave(
  { run, one, balancing }: Turn,
  balancer: Balancer,
  signal: AbortSignal,
): Promise<Said> {
  const { name, pool } = balancer;
  const before = balancing.outOf;
  balancing.outOf = [...new Set([...before, name])];
  await run.save();
  const said = await balancer.leave(signal).catch((error) => {
    if (error instanceof BalancerError && error.isUntold) balancing.outOf = before;
    throw error;
  });
  if (said === 'leaves') run.turns.out(pool, one.box);
  else balancing.outOf = before;
  return { said, others: run.turns.nextOver(pool, one.box) };
}

async function unlessStopped(done: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
    });
    await Promise.race([done, stopped]);
  } finally {
    over.abort();
  }
}

/**
 * Puts a box back where it serves, and else says that it stays out. Throws the reason of `leave`.
 * @returns how it ended, with what came of that.
 */
export async function putBack(run: Run, one: RolloutBox, end: End): Promise<End> {
  const { balancing } = one;
  if (balancing === undefined || balancing.outOf.length === 0) return end;
  if (!end.serves) return await leaveOut({ run, one, balancing }, end);
  balancing.stage = 'returning';
  await run.save();
  const failures: string[] = [];
  for (const name of [...balancing.outOf].reverse()) {
    const failure = await enter({ run, one, balancing }, name, end.isUntouched !== true);
    if (failure !== undefined) failures.push(failure);
  }
  if (failures.length === 0) balancing.stage = 'back';
  await run.save();
  if (failures.length === 0) return end;
  const outcome = isBad({ ...one, outcome: end.outcome }) ? end.outcome : 'failed';
  return { ...end, outcome, reason: [end.reason ?? fared(one, end), ...failures].join('; ') };
}

function fared({ version }: RolloutBox, { outcome }: End): string {
  return outcome === 'done' && version !== null ? `${version} is live` : String(outcome);
}

/** @returns why it could not be put back. */
async function enter(
  { run, one, balancing }: Turn,
  name: string,
  isWaited: boolean,
): Promise<string | undefined> {
  const tell = (state: 'begun' | 'done' | 'failed', message: string | null = null) =>
    run.tell({ type: 'in', box: one.box, balancer: name, state, message });
  const balancer = balancersOf(run, one).find((other) => other.name === name);
  tell('begun');
  try {
    if (balancer === undefined) throw new BalancerError('the manifest no longer names it before this box');
    await balancer.enter(isWaited, run.leave);
    balancing.outOf = balancing.outOf.filter((other) => other !== name);
    await run.save();
    tell('done');
    return undefined;
  } catch (error) {
    run.leave.throwIfAborted();
    if (!(error instanceof BalancerError)) throw error;
    tell('failed', error.message);
    const what = `it could not be put back into ${name}: ${error.message}`;
    return `${what} (${byHand(run, one)}, when that is mended)`;
  } finally {
    if (balancer !== undefined) isOver(run, one, balancer);
  }
}

async function leaveOut({ run, one, balancing }: Turn, end: End): Promise<End> {
  balancing.stage = 'left_out';
  await run.save();
  const balancers = [...balancing.outOf];
  const names = balancers.join(', ');
  const message = `it stays out of ${names}, since nobody knows whether it serves: look at it, then ${byHand(run, one)}`;
  run.tell({ type: 'left_out', box: one.box, balancers, message });
  for (const balancer of balancersOf(run, one)) isOver(run, one, balancer);
  return { ...end, reason: end.reason === null ? message : `${end.reason}; ${message}` };
}

/** Others may go on that have waited for it. */
function isOver({ turns }: Run, { box }: RolloutBox, balancer: Balancer): void {
  poolOf(balancer, (pool) => turns.over(pool, box));
}

function poolOf(balancer: Balancer, use: (pool: string | undefined) => void): void {
  try {
    use(balancer.pool);
  } catch (error) {
    // Nobody was ever in a pool that cannot be told.
    if (!(error instanceof BalancerError)) throw error;
  }
}

function byHand({ rollout }: Run, { box }: RolloutBox): string {
  return `strata balancers in ${box} --app ${rollout.app}`;
}

function balancersOf({ balancers }: Run, { box }: RolloutBox): readonly Balancer[] {
  return balancers?.get(box) ?? [];
}

function named(error: unknown, what: string): unknown {
  return error instanceof BalancerError ? new BalancerError(`${what}: ${error.message}`) : error;
}
