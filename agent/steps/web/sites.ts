import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepContext } from '../../deploy/step.ts';
import type { SideEntry } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { type Rendered, renderedFiles } from '../rendered.ts';
import type { WebServer } from './servers.ts';

/** What an app is to have in the configuration of a web server. */
export interface Sites {
  /** By their paths below the app's templates. */
  rendered: Rendered;
  /** A file comes before the link that leads to it. */
  entries: SideEntry[];
}

const below = 'includes/';
const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Renders the sites of an app, and what they include. `refused` where there are too few, or where they cannot be put. */
export async function sitesOf(context: StepContext, server: WebServer): Promise<Sites> {
  const rendered = await renderedFiles(context, server.templates);
  const entries: SideEntry[] = [];
  // What is included is there before the sites are.
  for (const [name, content] of rendered) {
    if (!name.startsWith(below)) continue;
    const inside = checked(server, name, name.slice(below.length));
    entries.push({ path: path.join(server.folder, context.app, inside), content });
  }
  const sites = [...rendered].filter(([name]) => !name.startsWith(below));
  checkCount(context, server, sites.length);
  if (sites.length > 0) entries.push(...(await siteEntries(context, server, sites)));
  return { rendered, entries };
}

async function siteEntries(
  { app }: StepContext,
  server: WebServer,
  sites: readonly [string, string][],
): Promise<SideEntry[]> {
  const folder = await siteFolder(server);
  const taken = new Map<string, string>();
  return sites.flatMap(([name, content]): SideEntry[] => {
    const site = siteName(app, checked(server, name, name));
    const other = taken.get(site);
    if (other !== undefined) {
      const both = `${server.templates}/${other} and ${name}`;
      throw new AgentError('refused', `${both} both become ${site}: rename one of them`);
    }
    taken.set(site, name);
    const enabled = path.join(server.folder, folder, site);
    if (folder !== 'sites-enabled') return [{ path: enabled, content }];
    const available = path.join(server.folder, 'sites-available', site);
    return [
      { path: available, content },
      { path: enabled, target: `../sites-available/${site}` },
    ];
  });
}

/** `www.conf` of the app shop is `shop-www.conf`: names tell whose they are. */
function siteName(app: string, name: string): string {
  const stem = name.replace(/\.conf$/, '');
  return `${stem === app || stem.startsWith(`${app}-`) ? stem : `${app}-${stem}`}.conf`;
}

/** Those who do not keep sites apart from enabled ones read `conf.d`. */
async function siteFolder({ name, folder }: WebServer): Promise<string> {
  for (const one of ['sites-enabled', 'conf.d'])
    if ((await ifThere(fs.stat(path.join(folder, one)))) !== undefined) return one;
  const message = `${name}: this box has neither ${folder}/sites-enabled nor ${folder}/conf.d`;
  throw new AgentError('refused', message);
}

function checked({ templates }: WebServer, name: string, inside: string): string {
  if (inside.split('/').every((part) => fileName.test(part)) && (inside !== name || !name.includes('/')))
    return inside;
  const message = `${templates}/${name}: sites are at the top of ${templates}/, what they include is in ${below}, and names are of letters, digits, _, - and .`;
  throw new AgentError('refused', message);
}

function checkCount({ options }: StepContext, { name, templates }: WebServer, count: number): void {
  const { minimum } = options;
  if (typeof minimum !== 'number' || count >= minimum) return;
  const message = `${name}.minimum: ${templates}/ has ${count} of at least ${minimum} sites`;
  throw new AgentError('refused', message);
}

/** What somebody else has put where something of the app belongs, in words. */
export function foreignFiles({ owned, app }: StepContext, changed: readonly string[]): string[] {
  return changed
    .filter((at) => !owned.files.has(at))
    .map((at) => `${at} is there already, and not of ${app}: move it out of the way`);
}
