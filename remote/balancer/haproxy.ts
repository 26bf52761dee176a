import { setTimeout as wait } from 'node:timers/promises';
import { type Balancer, BalancerError, type BalancerState } from './balancer.ts';
import { askHaproxy } from './runtimeApi.ts';

/** Which server of HAProxy a box is. */
interface Named {
  address: string;
  backend: string;
  server: string;
}

const lookEveryMs = 100;

/** So long one that may not have been up before is waited for, in milliseconds: others may only leave when it is. */
const againMs = 5000;

/** HAProxy, by its runtime API. @param named throws where it cannot be told which server it is. */
export function haproxyBalancer(
  name: string,
  named: () => Named,
  { drainMs, timeoutMs }: { drainMs: number; timeoutMs: number },
): Balancer {
  return {
    name,
    get pool() {
      const { address, backend } = named();
      return `${address} ${backend}`;
    },
    async leave(signal) {
      const { own, others } = await look(named(), signal).catch(untold);
      const isAlone = serves(own) && !others.some(serves);
      if (isAlone) return others.length === 0 ? 'only' : 'last';
      // One that rests needs nothing more.
      if (!isResting(own)) await set(named(), 'drain', signal);
      return 'leaves';
    },
    async rest(signal) {
      const until = performance.now() + drainMs;
      let { open } = (await look(named(), signal)).own;
      while (open > 0 && performance.now() < until) {
        await wait(lookEveryMs, undefined, { signal });
        ({ open } = (await look(named(), signal)).own);
      }
      await set(named(), 'maint', signal);
      return open === 0 ? null : `${open} of its requests were not over after ${drainMs / 1000} s`;
    },
    async enter(isWaited, signal) {
      if (serves((await look(named(), signal)).own)) return;
      // Who leaves maintenance is taken for up before anybody has looked: so it is checked while it gets nothing yet.
      await set(named(), 'drain', signal);
      const ms = isWaited ? timeoutMs : Math.min(timeoutMs, againMs);
      const ill = await unlessSound(named(), ms, signal);
      if (ill !== undefined && isWaited) throw new BalancerError(downText(named(), ill, ms));
      await set(named(), 'ready', signal);
    },
    async state(signal): Promise<BalancerState> {
      const { own } = await look(named(), signal);
      return { text: own.status, isIn: serves(own), open: own.open };
    },
  };
}

function untold(error: unknown): never {
  throw error instanceof BalancerError ? new BalancerError(error.message, true) : error;
}

/** A line of `show stat`. */
interface Server {
  name: string;
  status: string;
  open: number;
  /** What its check said last: `L4CON`, `L7STS/500`. */
  check: string;
}

/** HAProxy checks a server that has no check in its config for nothing, and calls it so. */
function serves({ status }: Server): boolean {
  return /^(UP|no check)\b/.test(status);
}

/** Whether its last check went well; `DRAIN 1/3` has to pass one more, or was not looked at yet. */
function isSound({ status }: Server): boolean {
  return /^DRAIN( \(agent\))?$/.test(status);
}

/** Waits until the last check of a box went well. @returns how it is where that does not come. */
async function unlessSound(named: Named, ms: number, signal: AbortSignal): Promise<Server | undefined> {
  const until = performance.now() + ms;
  for (;;) {
    const { own } = await look(named, signal);
    if (isSound(own)) return undefined;
    if (performance.now() > until) return own;
    await wait(lookEveryMs, undefined, { signal });
  }
}

function isResting({ status }: Server): boolean {
  return /^MAINT\b/.test(status);
}

function downText({ backend, server }: Named, { status, check }: Server, ms: number): string {
  const why = check === '' ? status : `${status}, ${check}`;
  return `HAProxy does not find ${backend}/${server} up after ${ms / 1000} s (${why}): look at what its check asks for`;
}

async function look(
  { address, backend, server }: Named,
  signal: AbortSignal,
): Promise<{ own: Server; others: Server[] }> {
  const all = serversOf(await askHaproxy(address, 'show stat', signal), backend);
  const own = all.find((one) => one.name === server);
  if (own === undefined) {
    const there = all.length === 0 ? 'no such backend' : `it has ${all.map((one) => one.name).join(', ')}`;
    throw new BalancerError(
      `HAProxy has no server ${server} in a backend ${backend} (${there}): name them in the manifest as in its config`,
    );
  }
  return { own, others: all.filter((one) => one !== own) };
}

/** The servers of a backend, of the CSV that `show stat` is. What may have commas in quotes comes behind these columns. */
function serversOf(answer: string, backend: string): Server[] {
  const [head = '', ...lines] = answer.split('\n');
  const columns = head.replace(/^# /, '').split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return (column: string) => cells[columns.indexOf(column)] ?? '';
  });
  return rows
    .filter((cell) => cell('pxname') === backend && !['FRONTEND', 'BACKEND'].includes(cell('svname')))
    .map((cell) => ({
      ...{ name: cell('svname'), status: cell('status'), open: Number(cell('scur')) },
      check: [cell('check_status'), cell('check_code')].filter((one) => one !== '').join('/'),
    }));
}

async function set({ address, backend, server }: Named, to: string, signal: AbortSignal): Promise<void> {
  const answer = await askHaproxy(address, `set server ${backend}/${server} state ${to}`, signal);
  if (answer === '') return;
  throw new BalancerError(`HAProxy does not take ${backend}/${server} to ${to}: ${answer}`);
}
