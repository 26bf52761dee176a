import fs from 'node:fs/promises';
import path from 'node:path';
import type { AppStatus } from '../../protocol/appStatus.ts';
import { AgentError } from '../failure.ts';
import { gcReleases } from '../releases/gc.ts';
import { appPlaces } from '../releases/layout.ts';
import { reserveIn } from '../releases/reserve.ts';
import type { Agent } from '../service.ts';
import { accept } from './accepting.ts';
import { appNames, appStatus } from './apps.ts';
import { newChanges } from './changes.ts';
import { eventsOf } from './eventsOf.ts';
import { asAgentError } from './failures.ts';
import { appLock, type Fleet, newFleet, told } from './fleet.ts';
import { type Lock, lockFile, ownerOf } from './lock.ts';
import type { AgentOptions } from './options.ts';
import { type DeploymentRecord, openRecords } from './records.ts';
import { checkName } from './request.ts';
import { usualSettings } from './settings.ts';
import { takeUp } from './takeUp.ts';
import { watchApps } from './watchApps.ts';

/**
 * Starts the agent of a root. What an earlier life left unfinished is taken to its end; until then its apps are locked. `busy` where
 * another agent has the root, `unavailable` or `full` where the disk does not let it begin.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const root = path.resolve(options.root);
  const state = options.state ?? path.join(root, '.strata-agent');
  let lock: Lock | undefined;
  try {
    await fs.mkdir(path.join(state, 'locks'), { recursive: true, mode: 0o700 });
    lock = await lockFile(path.join(state, 'agent.lock'));
    if (lock === undefined) throw new AgentError('busy', `another agent works on ${root} (${state})`);
    const records = await openRecords(path.join(state, 'records'));
    const reserve = reserveIn(path.join(state, 'reserve'));
    const fleet = newFleet({ options: { ...options, root }, state, records, reserve, changes: newChanges() });
    await takeUp(fleet);
    await reserve.make().catch(() => undefined);
    return agentOver(fleet, lock);
  } catch (error) {
    await lock?.release();
    throw asAgentError(error);
  }
}

function agentOver(fleet: Fleet, lock: Lock): Agent {
  const { options, changes } = fleet.box;
  const status = (app: string) => statusOf(fleet, app);
  const watched = { changes, names: () => namesOf(fleet), status };
  return {
    plan: options.plan,
    config: options.config,
    deploy: (request, by, key) => accept(fleet, request, by, key),
    deployment: async (id) => told(fleet, known(fleet, id)),
    deployments: async ({ app, limit }) => {
      const all = [...fleet.records.values()].filter((one) => app === undefined || one.app === app);
      return all
        .reverse()
        .slice(0, limit)
        .map((one) => told(fleet, one));
    },
    events: (id, after, how) => eventsOf(fleet, known(fleet, id), after, how),
    async cancel(id, by) {
      const record = known(fleet, id);
      fleet.running.get(id)?.stop.abort(new AgentError('cancelled', `${by.name} cancelled it`));
      return told(fleet, record);
    },
    apps: async () => await Promise.all((await namesOf(fleet)).map((name) => statusOf(fleet, name))),
    watch: (how) => watchApps(watched, how),
    app: status,
    gc: (app, { keep }) => gc(fleet, app, keep),
    drain: () => drain(fleet, lock),
  };
}

function known({ records }: Fleet, id: string): DeploymentRecord {
  const record = records.get(id);
  if (record !== undefined) return record;
  throw new AgentError('missing', `there is no deployment ${JSON.stringify(id)}`);
}

/** The apps that the box has, or was asked to deploy. */
async function namesOf({ box, records }: Fleet): Promise<string[]> {
  const tried = [...records.values()].map(({ app }) => app);
  return [...new Set([...(await appNames(box.options.root)), ...tried])].sort();
}

async function statusOf(fleet: Fleet, app: string): Promise<AppStatus> {
  checkName('an app', app);
  const running = [...fleet.running.values()].find((one) => one.isLocked && one.record.app === app);
  const last = [...fleet.records.values()].findLast((one) => one.app === app);
  return await appStatus(fleet.box.options.root, app, {
    running: running?.record.id ?? null,
    last: last === undefined ? null : told(fleet, last),
  });
}

async function gc(fleet: Fleet, app: string, keep: number | undefined): Promise<string[]> {
  const { root, settings } = fleet.box.options;
  await statusOf(fleet, app);
  const lock = await lockFile(appLock(fleet, app));
  if (lock === undefined) {
    const owner = await ownerOf(appLock(fleet, app));
    throw new AgentError('busy', `${app} is locked by ${owner?.what ?? 'somebody'}: try again later`, {
      owner,
    });
  }
  try {
    const most = keep ?? settings(app).keep ?? usualSettings.keep;
    return await gcReleases(appPlaces(root, app), most);
  } catch (error) {
    throw asAgentError(error);
  } finally {
    await lock.release();
    fleet.box.changes.tell(app);
  }
}

async function drain(fleet: Fleet, lock: Lock): Promise<void> {
  // Those that wait for their turn are left: the next life lets them wait on.
  fleet.leaving.abort();
  await Promise.allSettled(fleet.accepting.values());
  await Promise.all([...fleet.running.values()].map((one) => one.finished));
  await lock.release();
}
