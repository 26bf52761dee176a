import { setTimeout as wait } from 'node:timers/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import type { ProgramGroup } from './programs.ts';

/** A process of supervisord. */
export interface Process {
  /** `shop`, or `group:shop`. */
  name: string;
  group: string;
  /** `RUNNING`, `STARTING`, `BACKOFF`, `FATAL`, `EXITED`, `STOPPED` … */
  state: string;
  /** In supervisord's words. */
  more: string;
}

/** What supervisord has; nothing where it does not run, or is not there. */
export async function processes({ ask }: Pick<StepContext, 'ask'>): Promise<Process[] | undefined> {
  const { code, stdout } = await ask(['supervisorctl', 'status']);
  if (code !== 0 && code !== 3) return undefined;
  return stdout.split('\n').flatMap((line) => {
    const [, name, state, more = ''] = /^(\S+)\s+([A-Z]{4,})\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || state === undefined) return [];
    return [{ name, group: name.replace(/:.*/, ''), state, more: more.trim() }];
  });
}

/** Has supervisord read its files anew, and take up groups that came, changed or are gone. */
export async function updateGroups(
  work: StepWork,
  groups: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<void> {
  await work.run(['supervisorctl', 'reread']);
  const known = new Set((await processes(work))?.map(({ group }) => group));
  const there = groups.filter((name) => known.has(name) || wanted.has(name));
  if (there.length > 0) await work.run(['supervisorctl', 'update', ...there]);
}

/** Has processes started that do not run; what does not start is told by `stayUp`. */
export async function startAgain(
  work: StepWork,
  how: 'start' | 'restart',
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await work.run(['supervisorctl', how, ...names]).catch((error: unknown) => {
    if (work.signal.aborted) throw error;
    work.log((error as Error).message, 'agent');
  });
}

const lookEveryMs = 200;

/** Waits until all processes of groups that are meant to run do, and watches them for a while; `failed` with what one that does not said last. */
export async function stayUp(
  work: StepWork,
  groups: readonly ProgramGroup[],
  settleMs: number,
): Promise<void> {
  if (groups.length === 0) return;
  const byName = new Map(groups.map((group) => [group.name, group]));
  const wereUp = new Set<string>();
  let until = Number.POSITIVE_INFINITY;
  while (!work.signal.aborted) {
    const all = ((await processes(work)) ?? []).filter(({ group }) => byName.has(group));
    for (const one of all) await check(work, one, byName.get(one.group)?.mayEnd === true, wereUp);
    const isStarting = all.some(({ state }) => state === 'STARTING');
    if (!isStarting) until = Math.min(until, performance.now() + settleMs);
    const rest = until - performance.now();
    if (rest <= 0) return;
    await wait(Math.min(lookEveryMs, rest), undefined, { signal: work.signal }).catch(() => undefined);
  }
}

async function check(work: StepWork, process: Process, mayEnd: boolean, wereUp: Set<string>): Promise<void> {
  const { name, state, more } = process;
  if (state === 'RUNNING') wereUp.add(name);
  // One that is started once more was up, and ended.
  const isWell = state === 'STARTING' ? !wereUp.has(name) : ['RUNNING', 'STOPPED'].includes(state);
  if (isWell || (state === 'EXITED' && mayEnd)) return;
  for (const stream of ['stdout', 'stderr'] as const) await tellOutput(work, name, stream);
  throw new AgentError('failed', `${name} does not stay up: it is ${state} (${more})`);
}

const lastBytes = 4000;
const lastLines = 30;

async function tellOutput(work: StepContext, name: string, stream: 'stdout' | 'stderr'): Promise<void> {
  const { code, stdout } = await work.ask(['supervisorctl', 'tail', `-${lastBytes}`, name, stream]);
  // Some have no log of their own.
  if (code !== 0) return;
  const lines = stdout.split('\n').filter((line) => line !== '');
  for (const line of lines.slice(-lastLines)) work.log(line, stream);
}
