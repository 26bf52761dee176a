import fs from 'node:fs/promises';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { writeLasting } from '../../releases/lasting.ts';
import type { Balancer } from './balancer.ts';
import { type BalancerSettings, otherSlot, type Slot } from './settings.ts';

type HaproxySettings = Extract<BalancerSettings, { kind: 'haproxy' }>;

const lookEveryMs = 50;
const upMs = 30_000;
const answerMs = 10_000;

/**
 * HAProxy, by its runtime API (the management guide, "Unix Socket commands"). Both servers stand in its config with `check`, none of them
 * `disabled`: then a restart finds the slot that runs.
 */
export function haproxyBalancer(
  { socket, backend, servers, state }: HaproxySettings,
  work: StepWork,
): Balancer {
  const ask = (command: string) => runtime(socket, command);
  const name = (slot: Slot) => `${backend}/${servers[slot]}`;
  const set = async (slot: Slot, to: 'ready' | 'drain' | 'maint') => {
    const answer = (await ask(`set server ${name(slot)} state ${to}`)).trim();
    if (answer !== '') throw new AgentError('failed', `HAProxy refuses ${name(slot)}: ${answer}`);
  };
  const stat = (slot: Slot, column: string) => statOf(ask, { backend, server: servers[slot] }, column);
  /** A reload goes back to what is in the config, but for what is in this file. */
  const keepState = async () => {
    if (state === undefined) return;
    await writeLasting(state, await ask('show servers state'));
    await fs.chmod(state, 0o644);
  };
  return {
    async lead(to) {
      await set(to, 'ready');
      const until = performance.now() + upMs;
      while (!/^UP\b/.test(await stat(to, 'status'))) {
        if (performance.now() > until)
          throw new AgentError(
            'failed',
            `HAProxy does not find ${name(to)} up: look at its check (option httpchk)`,
          );
        await wait(lookEveryMs, undefined, { signal: work.signal }).catch(() => undefined);
        if (work.signal.aborted)
          throw new AgentError('cancelled', 'it was cancelled while HAProxy was waited for');
      }
      await set(otherSlot(to), 'drain');
      await keepState();
      work.log(`HAProxy sends new requests to ${name(to)}`, 'agent');
    },
    open: async (slot) => Number(await stat(slot, 'scur')),
    async rest(slot) {
      await set(slot, 'maint');
      await keepState();
    },
  };
}

async function statOf(
  ask: (command: string) => Promise<string>,
  { backend, server }: { backend: string; server: string },
  column: string,
): Promise<string> {
  const [head = '', ...lines] = (await ask('show stat')).split('\n');
  const at = head.replace(/^# /, '').split(',').indexOf(column);
  const line = lines.map((one) => one.split(',')).find(([of, name]) => of === backend && name === server);
  if (line === undefined) {
    const what = `HAProxy has no server ${server} in a backend ${backend}`;
    throw new AgentError('failed', `${what}: put both slots into its config, or name them in pair.haproxy`);
  }
  return line[at] ?? '';
}

/** One command, and what is answered. `unavailable`. */
async function runtime(socket: string, command: string): Promise<string> {
  const connection = net.connect(socket);
  connection.setTimeout(answerMs, () => connection.destroy(new Error('no answer')));
  try {
    connection.end(`${command}\n`);
    return await text(connection);
  } catch (error) {
    throw new AgentError('unavailable', `HAProxy does not answer at ${socket}: ${(error as Error).message}`);
  } finally {
    connection.destroy();
  }
}
