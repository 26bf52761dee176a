import fs from 'node:fs/promises';
import path from 'node:path';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { unifiedDiff } from '../../plan/unifiedDiff.ts';
import { ifThere } from '../../releases/lasting.ts';
import { removeTree } from '../../releases/staging.ts';
import { contextXml } from './contextXml.ts';
import {
  checkHost,
  deployedVersions,
  descriptorOf,
  type Host,
  hostOf,
  nextNames,
  undeploysOld,
} from './host.ts';
import { linkFarm } from './linkFarm.ts';
import { descriptorFile, type Facts, isReady, isThere, revive } from './revive.ts';
import { becomes } from './waiting.ts';

/**
 * Deploys a servlet beside the version that runs, in the same tomcat: new requests get the new one, sessions that were begun stay with the old
 * one until they are over. Where the deployment goes back, the one before is the newest again before the other one goes.
 */
export function tomcatStep(): Step {
  return { name: 'tomcat', reads, plan, prepare, deployed, settled, withdraw, restore };
}

/** Without the whole of `WEB-INF` a plan would not know that an app has one. */
function reads(name: string): boolean {
  return /^[^/]+\/(WEB-INF\/|META-INF\/context\.xml$)/.test(name);
}

async function plan(context: StepContext): Promise<StepPlan> {
  const host = hostOf(context);
  await checkHost(host);
  const old = await deployedVersions(host);
  const [name = ''] = await nextNames(host, [context.version]);
  const at = descriptorOf(host, name);
  const notes = [`tomcat: ${name} is deployed${beside(old)}`];
  if (await isThere(path.join(host.appBase, host.context)))
    notes.push(
      `tomcat: ${path.join(host.appBase, host.context)} is the same context, and older than all versions`,
    );
  const text = await textOf(context, host, name);
  return { files: [{ path: at, diff: unifiedDiff(at, undefined, text) }], notes };
}

function beside(old: Facts['old']): string {
  const last = old.at(-1);
  return last === undefined ? '' : ` beside ${last.name}, which goes when its sessions are over`;
}

async function textOf({ release, app }: StepContext, { contexts }: Host, name: string): Promise<string> {
  const own = await ifThere(fs.readFile(path.join(release, app, 'META-INF/context.xml'), 'utf8'));
  return contextXml(own, path.join(contexts, name));
}

async function prepare(work: StepWork): Promise<void> {
  const host = hostOf(work);
  await checkHost(host);
  await deployedVersions(host);
  const [name = ''] = await nextNames(host, [work.version]);
  await textOf(work, host, name);
}

async function deployed(work: StepWork): Promise<void> {
  const facts = (await factsOf(work)) ?? (await lookAt(work));
  const { host, name } = facts;
  await sweep(facts);
  await linkFarm(path.join(work.release, work.app), path.join(host.contexts, name), work.signal);
  const text = await textOf(work, host, name);
  // Tomcat would begin anew with one that was written again.
  if ((await ifThere(fs.readFile(descriptorOf(host, name), 'utf8'))) !== text)
    await work.side.put(await descriptorFile(host, { name, text }));
  work.log(`${name} is deployed${beside(facts.old)}`, 'agent');
  await answers(work, facts);
}

async function factsOf(work: StepWork): Promise<Facts | undefined> {
  return (await work.kept()) as Facts | undefined;
}

async function lookAt(work: StepWork): Promise<Facts> {
  const host = hostOf(work);
  const old = await deployedVersions(host);
  const before = old.at(-1)?.name.replace(/^.*?##\d+-/, '') ?? '';
  const [name = '', revived = ''] = await nextNames(host, [work.version, before]);
  const facts: Facts = { host, name, revived, old };
  await work.keep(facts);
  return facts;
}

/** Takes away what earlier versions were served from, as far as tomcat no longer has them. */
async function sweep({ host, name, revived, old }: Facts): Promise<void> {
  const kept = new Set([name, revived, ...old.map((one) => one.name)]);
  const folders = ((await ifThere(fs.readdir(host.contexts))) ?? []).filter((one) =>
    one.startsWith(`${host.context}##`),
  );
  for (const one of folders) {
    if (kept.has(one) || (await isThere(descriptorOf(host, one)))) continue;
    await removeTree(path.join(host.contexts, one));
  }
}

async function answers(work: StepWork, { host, name }: Facts): Promise<void> {
  const since = Math.floor(Date.now() / 1000);
  if (await becomes(() => isReady(host, name), host.timeoutMs, work.signal)) return;
  const command = ['journalctl', '--no-pager', '--lines=30', `--since=@${since}`, '--unit=tomcat*'] as const;
  const { stdout } = await work.ask(command);
  for (const line of stdout.split('\n')) if (line !== '') work.log(line, 'stderr');
  const what = `${name} does not answer after ${host.timeoutMs / 1000} s at ${host.http}`;
  throw new AgentError('failed', `${what}: see what tomcat says of it, and whether its Host has autoDeploy`);
}

/** Waits for the end of older versions, which is up to tomcat, and to those whose sessions they have. */
async function settled(work: StepWork): Promise<void> {
  const facts = await factsOf(work);
  if (facts === undefined) return;
  const { host, old } = facts;
  const left = async () =>
    (await deployedVersions(host)).filter((one) => old.some(({ name }) => name === one.name));
  if (await undeploysOld(host)) {
    if (await becomes(async () => (await left()).length === 0, host.timeoutMs, work.signal)) return;
    const names = (await left()).map(({ name }) => name).join(', ');
    const told = `still there after ${host.timeoutMs / 1000} s: ${names}`;
    return work.log(`${told}; tomcat ends it when its sessions are over`, 'agent');
  }
  for (const { name } of await left()) {
    await work.side.remove(descriptorOf(host, name));
    work.log(`${name} is taken away with its sessions: this Host has no undeployOldVersions`, 'agent');
  }
}

async function withdraw(work: StepWork): Promise<void> {
  const facts = await factsOf(work);
  if (facts !== undefined) await revive(work, facts);
}

/** A version that came back stands for those before it. */
async function restore(work: StepWork): Promise<void> {
  const facts = await factsOf(work);
  if (facts === undefined) return;
  const { host, revived, old } = facts;
  // Tomcat may have ended the one before just when the newer one went.
  await revive(work, facts);
  if (!(await isThere(descriptorOf(host, revived))) || (await undeploysOld(host))) return;
  for (const { name } of old) await fs.rm(descriptorOf(host, name), { force: true });
}
