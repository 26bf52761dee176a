import { randomUUID } from 'node:crypto';
import type { Deployment, DeploymentRequest } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';
import type { Journal } from '../journal/journal.ts';
import type { Principal } from '../service.ts';
import { newRecord } from './accept.ts';
import { asAgentError } from './failures.ts';
import { appLock, type Fleet, launch, told } from './fleet.ts';
import { type Lock, lockFile, ownerOf } from './lock.ts';
import type { DeploymentRecord } from './records.ts';
import { checkRequest, requestText } from './request.ts';

/** Accepts a deployment, once for a key: see `Agent.deploy`. */
export async function accept(
  fleet: Fleet,
  request: DeploymentRequest,
  by: Principal,
  key: string | undefined,
): Promise<Deployment> {
  checkRequest(request, key);
  const known = key === undefined ? undefined : knownFor(fleet, by, key);
  if (known !== undefined) return sameRequest(fleet, known, request);
  const name = key === undefined ? randomUUID() : JSON.stringify([by.name, key]);
  const other = fleet.accepting.get(name);
  if (other !== undefined) {
    await other.catch(() => undefined);
    return await accept(fleet, request, by, key);
  }
  const accepted = acceptNew(fleet, request, by, key).finally(() => fleet.accepting.delete(name));
  fleet.accepting.set(name, accepted);
  return await accepted;
}

function knownFor({ records }: Fleet, by: Principal, key: string): DeploymentRecord | undefined {
  for (const record of records.values())
    if (record.user === by.name && record.key?.text === key) return record;
  return undefined;
}

function sameRequest(fleet: Fleet, known: DeploymentRecord, request: DeploymentRequest): Deployment {
  if (known.key?.request === requestText(request)) return told(fleet, known);
  const message = `this Idempotency-Key was used for another request, that of deployment ${known.id}: take a new one`;
  throw new AgentError('moved', message, { deployment: known.id });
}

async function acceptNew(
  fleet: Fleet,
  request: DeploymentRequest,
  by: Principal,
  key: string | undefined,
): Promise<Deployment> {
  checkIsOpen(fleet);
  // An app that the box does not have is refused before anything else.
  fleet.box.options.settings(request.app);
  const lock = await lockAtOnce(fleet, request);
  try {
    const record = await newRecord(fleet.box.options, request, by, key);
    checkIsOpen(fleet);
    await begin(fleet, record, lock);
    return told(fleet, record);
  } catch (error) {
    await lock?.release();
    throw asAgentError(error);
  }
}

/** The app's lock, where it is free; `busy` where it is not, and the request does not wait. */
async function lockAtOnce(fleet: Fleet, { app, busy }: DeploymentRequest): Promise<Lock | undefined> {
  const file = appLock(fleet, app);
  try {
    // Nobody passes those who wait.
    const lock = fleet.turns.has(file) ? undefined : await lockFile(file);
    if (lock !== undefined || busy === 'wait') return lock;
  } catch (error) {
    throw asAgentError(error);
  }
  const owner = await ownerOf(file);
  const who =
    owner === undefined ? 'somebody' : `${owner.user} (${owner.what}, deployment ${owner.deployment})`;
  throw new AgentError('busy', `${app} is locked by ${who}: wait, or ask to wait for its turn`, { owner });
}

/** From here on the deployment is remembered. */
async function begin(fleet: Fleet, record: DeploymentRecord, lock: Lock | undefined): Promise<void> {
  const { records, options } = fleet.box;
  record.number = Math.max(0, ...[...fleet.records.values()].map(({ number = 0 }) => number)) + 1;
  await records.save(record);
  let journal: Journal | undefined;
  try {
    journal = await options.journals.create(record.id);
    await journal.append({ type: 'state', state: 'accepted' });
    launch(fleet, record, journal, lock);
  } catch (error) {
    await journal?.close().catch(() => undefined);
    await records.remove(record.id).catch(() => undefined);
    throw error;
  }
}

function checkIsOpen({ leaving }: Fleet): void {
  if (!leaving.signal.aborted) return;
  throw new AgentError('unavailable', 'the agent is about to stop, and takes no more deployments: try again');
}
