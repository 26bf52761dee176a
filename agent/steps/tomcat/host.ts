import fs from 'node:fs/promises';
import path from 'node:path';
import { asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { StepContext } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';

/** The Host of a tomcat, and how an app is served by it. */
export interface Host {
  /** `ROOT`, `shop`, `shop#admin`. */
  context: string;
  /** What is served lies there, a folder a version. */
  contexts: string;
  /** The Host's own folder of apps, which tomcat looks through by itself. */
  appBase: string;
  /** The Host's context XMLs: what is put there is deployed, what goes is undeployed. */
  descriptors: string;
  /** `http://127.0.0.1:8080`. */
  http: string;
  timeoutMs: number;
}

const usualTimeoutMs = 60_000;

export function hostOf({ root, app, options }: Pick<StepContext, 'root' | 'app' | 'options'>): Host {
  return {
    context: asText(options.context) ?? 'ROOT',
    contexts: asText(options.contexts) ?? path.join(appPlaces(root, app).folder, 'tomcat-contexts'),
    appBase: asText(options.appBase) ?? '/var/lib/tomcat10/webapps',
    descriptors: asText(options.descriptors) ?? '/etc/tomcat10/Catalina/localhost',
    http: asText(options.http) ?? 'http://127.0.0.1:8080',
    timeoutMs: milliseconds(asText(options.timeout) ?? '') ?? usualTimeoutMs,
  };
}

/** Refuses what tomcat would not serve, or would serve twice; `refused`. */
export async function checkHost({ contexts, appBase, descriptors }: Host): Promise<void> {
  if ((await ifThere(fs.stat(descriptors)))?.isDirectory() !== true) {
    const what = `there is no folder ${descriptors} for context XMLs`;
    throw new AgentError(
      'refused',
      `tomcat: ${what}: start tomcat once, or name its own (tomcat.descriptors)`,
    );
  }
  if (`${contexts}/`.startsWith(`${appBase}/`))
    throw new AgentError(
      'refused',
      `tomcat: ${contexts} lies in the appBase ${appBase}: what is there is served twice`,
    );
}

/** Whether the Host itself undeploys a version whose sessions are over, behind a newer one. */
export async function undeploysOld({ descriptors }: Host): Promise<boolean> {
  const text = await ifThere(fs.readFile(path.join(descriptors, '../../server.xml'), 'utf8'));
  return /\sundeployOldVersions\s*=\s*["']true["']/.test((text ?? '').replaceAll(/<!--[\s\S]*?-->/g, ''));
}

/** A version of the app that is deployed. */
export interface Deployed {
  /** `ROOT##00000012-1.4`. */
  name: string;
  /** Its context XML. */
  text: string;
}

/** The context XML of a version. */
export function descriptorOf({ descriptors }: Host, name: string): string {
  return path.join(descriptors, `${name}.xml`);
}

/** What of this app the Host has, oldest first; `refused` where another app has the same context. */
export async function deployedVersions(host: Host): Promise<Deployed[]> {
  const names = ((await ifThere(fs.readdir(host.descriptors))) ?? []).filter((one) => one.endsWith('.xml'));
  const found: Deployed[] = [];
  for (const name of names
    .map((one) => path.basename(one, '.xml'))
    .filter((one) => isOf(host, one))
    .sort()) {
    const text = await ifThere(fs.readFile(descriptorOf(host, name), 'utf8'));
    if (text?.includes(`"${host.contexts}/`) === false) {
      const what = `${descriptorOf(host, name)} serves something else as ${host.context}`;
      throw new AgentError('refused', `tomcat: ${what}: take it away, or give the app another context`);
    }
    if (text !== undefined) found.push({ name, text });
  }
  return found;
}

function isOf({ context }: Host, name: string): boolean {
  return name === context || name.startsWith(`${context}##`);
}

const digits = 8;

/** Names for the next versions; tomcat takes the last of them by the order of their characters for the newest. */
export async function nextNames(host: Host, versions: readonly string[]): Promise<string[]> {
  const folders = [host.contexts, host.descriptors, host.appBase];
  const names = await Promise.all(folders.map(async (one) => (await ifThere(fs.readdir(one))) ?? []));
  const taken = names
    .flat()
    .filter((one) => one.startsWith(`${host.context}##`))
    .map((one) => one.slice(host.context.length + 2));
  const numbers = taken.map((one) => Number(/^(\d{8})-/.exec(one)?.[1] ?? 0));
  const last = Math.max(0, ...numbers);
  const next = versions.map(
    (version, at) => `${String(last + at + 1).padStart(digits, '0')}-${version.replaceAll(/[^\w.-]/g, '_')}`,
  );
  const behind = taken.find((one) => next.some((mine) => one > mine));
  if (behind === undefined) return next.map((one) => `${host.context}##${one}`);
  throw new AgentError(
    'refused',
    `tomcat: ${host.context}##${behind} counts as newer than any: take it away`,
  );
}
