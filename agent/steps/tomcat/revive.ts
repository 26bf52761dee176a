import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { type SideFile, writeInPlace } from '../../deploy/steps/sideFiles.ts';
import { ifThere } from '../../releases/lasting.ts';
import { readyPath } from './contextXml.ts';
import { type Deployed, descriptorOf, type Host } from './host.ts';
import { linkFarm } from './linkFarm.ts';
import { becomes, statusOf } from './waiting.ts';

/** What a deployment needs to know of the Host as it was before. */
export interface Facts {
  host: Host;
  /** The version that is deployed. */
  name: string;
  /** What the one before is called where it has to come back. */
  revived: string;
  /** What was deployed before, oldest first. */
  old: Deployed[];
}

/** A file of a Host as tomcat reads it: it may hold secrets, and tomcat's group may read it. */
export async function descriptorFile(host: Host, { name, text }: Deployed): Promise<SideFile> {
  const { gid } = await fs.stat(host.descriptors);
  return {
    path: descriptorOf(host, name),
    content: text,
    mode: gid === 0 ? 0o644 : 0o640,
    owner: { uid: process.getuid?.() ?? 0, gid },
  };
}

/** Whether new requests get to a version, which serves. */
export async function isReady(host: Host, name: string): Promise<boolean> {
  const context = host.context === 'ROOT' ? '' : `/${host.context.replaceAll('#', '/')}`;
  return (await statusOf(`${host.http}${context}${readyPath(path.join(host.contexts, name))}`)) === 200;
}

/**
 * Has the version before serve again, ahead of the newer one, which goes next: as a still newer one, so that requests always have somebody
 * who answers. Where tomcat has the one before still, and gives it all requests, nothing is done.
 */
export async function revive(work: StepWork, { host, name, revived, old }: Facts): Promise<void> {
  const last = old.at(-1);
  if (last === undefined) return;
  const isBehind = (await isThere(descriptorOf(host, name))) && (await isReady(host, name));
  const isGone = !(await isThere(descriptorOf(host, last.name)));
  if (!isBehind && !isGone && !(await isThere(descriptorOf(host, revived)))) return;
  const [before, now] = [path.join(host.contexts, last.name), path.join(host.contexts, revived)];
  await linkFarm(before, now, work.signal);
  const text = last.text.replaceAll(`"${before}"`, `"${now}"`).replaceAll(readyPath(before), readyPath(now));
  if (!(await isThere(descriptorOf(host, revived))))
    await writeInPlace(await descriptorFile(host, { name: revived, text }));
  work.log(`${last.name} comes back as ${revived}`, 'agent');
  // Where tomcat does not run, it serves the right one when it does.
  if ((await statusOf(host.http)) === undefined) return;
  if (await becomes(() => isReady(host, revived), host.timeoutMs, work.signal)) return;
  work.log(`${revived} does not answer after ${host.timeoutMs / 1000} s`, 'stderr');
}

export async function isThere(file: string): Promise<boolean> {
  return (await ifThere(fs.lstat(file))) !== undefined;
}
