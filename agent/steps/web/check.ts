import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { type SideChanges, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideEntry } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';
import { removeTree } from '../../releases/staging.ts';
import type { WebServer } from './servers.ts';

/** Has a web server check its configuration as it is; `refused` with what it says. */
export async function checkLive(work: StepWork, server: WebServer): Promise<void> {
  const { code, stdout, stderr } = await work.ask(server.test(server.folder));
  if (code !== 0) throw refused(server, tell(work, `${stdout}${stderr}`));
}

/**
 * Has a web server check what is wanted before anything is changed, in a copy of its configuration; `refused` with what it says. What is
 * below `live` is looked for in the new release, which is not live yet. What may still come is left to the check behind it.
 */
export async function checkCopy(
  work: StepWork,
  server: WebServer,
  entries: readonly SideEntry[],
): Promise<void> {
  const copy = path.join(path.dirname(work.release), `${server.name}-check`);
  const { live } = appPlaces(work.root, work.app);
  try {
    await copyFolder(server, '', { copy, own: topFolders(server, entries) });
    await lay(copy, server, entries, await sideChanges(work, entries), (text) =>
      text.replaceAll(live, work.release),
    );
    const { code, stdout, stderr } = await work.ask(server.test(copy));
    const told = `${stdout}${stderr}`;
    const shown = told.replaceAll(copy, server.folder).replaceAll(work.release, live);
    const lines = tell(work, shown);
    if (code === 0) return;
    if (!mayCome(told, work.release)) throw refused(server, lines);
    work.log(`${server.name} checks this again when the release is live`, 'agent');
  } finally {
    await removeTree(copy);
  }
}

/** A file of the release that the app's own hook makes, or an upstream that a pair of slots has put down when it serves. */
function mayCome(told: string, release: string): boolean {
  return (told.includes(release) && told.includes('No such file')) || /host not found in upstream/.test(told);
}

interface Copy {
  copy: string;
  /** Folders right below the configuration's that are made anew, be they links or not. */
  own: ReadonlySet<string>;
}

function topFolders({ folder }: WebServer, entries: readonly SideEntry[]): Set<string> {
  const tops = entries.map((one) => path.relative(folder, one.path).split(path.sep, 1).join(''));
  return new Set([...tops, 'sites-available', 'sites-enabled', 'conf.d']);
}

/** Files are links to what they are; those that include others by a whole path are made anew, with the path in the copy. */
async function copyFolder(server: WebServer, within: string, options: Copy): Promise<void> {
  const from = path.join(server.folder, within);
  const to = path.join(options.copy, within);
  await fs.mkdir(to, { recursive: true });
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const name = path.join(within, entry.name);
    const source = path.join(from, entry.name);
    const stat = await ifThere(fs.stat(source));
    if (stat?.isDirectory() && (entry.isDirectory() || options.own.has(name)))
      await copyFolder(server, name, options);
    else if (stat?.isFile()) await copyFile(server, source, options);
    else await fs.symlink(source, path.join(options.copy, name));
  }
}

/** So big is no file that includes others. */
const mostBytes = 1024 * 1024;

async function copyFile(server: WebServer, source: string, { copy }: Copy): Promise<void> {
  const at = path.join(copy, path.relative(server.folder, source));
  const { size } = await fs.stat(source);
  const text = size > mostBytes ? '' : await fs.readFile(source, 'utf8');
  const moved = withIncludes(server, copy, text);
  if (moved === text) await fs.symlink(source, at);
  else await fs.writeFile(at, moved, { mode: 0o600 });
}

function withIncludes({ includes, folder }: WebServer, copy: string, text: string): string {
  const found = new RegExp(`(${includes.source})${folder}/`, includes.flags);
  return text.replace(found, (_, start: string) => `${start}${copy}/`);
}

async function lay(
  copy: string,
  server: WebServer,
  entries: readonly SideEntry[],
  { removed }: SideChanges,
  settle: (text: string) => string,
): Promise<void> {
  const inCopy = (at: string) => path.join(copy, path.relative(server.folder, at));
  for (const at of removed) await fs.rm(inCopy(at), { force: true });
  for (const entry of entries) {
    const at = inCopy(entry.path);
    await fs.mkdir(path.dirname(at), { recursive: true });
    await fs.rm(at, { force: true });
    if ('target' in entry) await fs.symlink(entry.target, at);
    else {
      const text = withIncludes(server, copy, settle(String(entry.content)));
      await fs.writeFile(at, text, { mode: 0o600 });
    }
  }
}

function tell(work: StepWork, text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && line !== 'Syntax OK');
  for (const line of lines) work.log(line, 'stderr');
  return lines;
}

function refused({ name }: WebServer, lines: readonly string[]): AgentError {
  return new AgentError('refused', `${name} refuses the configuration: ${lines.join('; ')}`);
}
