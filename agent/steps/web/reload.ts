import fs from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { unitState } from '../systemd/systemctl.ts';
import type { WebServer } from './servers.ts';

/** Whether the box runs a web server; `undefined` where there is no systemd to ask. */
export async function isRunning(
  context: Pick<StepContext, 'ask'>,
  { unit }: WebServer,
): Promise<boolean | undefined> {
  if ((await ifThere(fs.stat('/run/systemd/system'))) === undefined) return undefined;
  return (await unitState(context, unit)).active === 'active';
}

/** Has a web server take its configuration; one that does not run is started. `failed` with what it says where it does not take it. */
export async function serveAnew(work: StepWork, server: WebServer): Promise<void> {
  const { unit, reload } = server;
  const running = await isRunning(work, server);
  if (running === undefined) return await work.run(reload, { cwd: '/' });
  if (!running) return await work.run(['systemctl', 'start', unit], { cwd: '/' });
  const main = await mainProcess(work, server);
  const before = { main, workers: await workersOf(main), logged: await sizeOf(server.errorLog) };
  await work.run(['systemctl', 'reload', unit], { cwd: '/' });
  await untilTaken(work, server, before);
}

/** Ends a web server that a deployment started. */
export async function stopServing(work: StepWork, { unit }: WebServer): Promise<void> {
  await work.run(['systemctl', 'stop', unit], { cwd: '/' });
}

interface Before {
  main: number;
  workers: ReadonlySet<string>;
  logged: number;
}

const lookEveryMs = 50;
const longestMs = 10_000;

/**
 * A web server is told to take its configuration, and does so later, or not at all: where another program has its port, for one, it goes on as
 * it was, or ends. One that took it has new workers, and the old ones take no more connections.
 */
async function untilTaken(work: StepWork, server: WebServer, before: Before): Promise<void> {
  const until = performance.now() + longestMs;
  for (;;) {
    const hasEnded = (await mainProcess(work, server)) !== before.main;
    if (!hasEnded && (await hasTaken(server, before))) return;
    if (hasEnded || performance.now() > until) {
      await tellLog(work, server, before.logged);
      const what = hasEnded ? 'ended instead of taking' : 'did not take';
      throw new AgentError('failed', `${server.name} ${what} the configuration: see ${server.errorLog}`);
    }
    await wait(lookEveryMs, undefined, { signal: work.signal }).catch(() => undefined);
    if (work.signal.aborted) return;
  }
}

async function hasTaken({ worker }: WebServer, { main, workers }: Before): Promise<boolean> {
  const now = [...(await workersOf(main))];
  if (workers.size > 0 && now.every((one) => workers.has(one))) return false;
  if (worker === undefined) return true;
  const old = now.filter((one) => workers.has(one));
  const names = await Promise.all(old.map((one) => processText(`${one}/cmdline`)));
  return !names.some((name) => name !== undefined && worker.test(name));
}

async function mainProcess({ ask }: StepContext, { unit }: WebServer): Promise<number> {
  const { stdout } = await ask(['systemctl', 'show', '--property=MainPID', '--value', '--', unit]);
  return Number(stdout);
}

async function workersOf(main: number): Promise<Set<string>> {
  const text = await processText(`${main}/task/${main}/children`);
  return new Set(text?.split(' ').filter((one) => one !== ''));
}

/** Nothing of a process that is gone, or goes while it is looked at. */
async function processText(name: string): Promise<string | undefined> {
  return await fs.readFile(`/proc/${name}`, 'utf8').catch(() => undefined);
}

async function sizeOf(file: string): Promise<number> {
  return (await ifThere(fs.stat(file)))?.size ?? 0;
}

const mostLogged = 4096;

/** Puts what a web server logged into the deployment's journal. */
async function tellLog(work: StepWork, { errorLog }: WebServer, from: number): Promise<void> {
  const bytes = await ifThere(fs.readFile(errorLog));
  const text = bytes?.subarray(from).subarray(-mostLogged).toString('utf8') ?? '';
  for (const line of text.split('\n')) if (line !== '') work.log(line, 'stderr');
}
