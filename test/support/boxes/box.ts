import fs from 'node:fs';
import path from 'node:path';
import { type Run, run } from '../cli.ts';
import { type Guarded, startGuarded, until } from './guarded.ts';

const script = path.resolve(import.meta.dirname, 'box.sh');

/** A machine of its own with systemd, as far as what runs in it can tell. */
export interface Box {
  name: string;
  address: string;
  /** Runs a command as root, started by the box's own systemd. */
  exec(command: readonly string[], stdin?: string): Promise<Run>;
  /** Runs a shell script; gives what it prints, and throws where it fails. */
  sh(script: string, stdin?: string): Promise<string>;
  /** Where this machine finds a file of the box, while it is on; links on the way there count as this machine's. */
  path(file: string): string;
  /** Pulls the plug: the cable first, so that nobody hears of it, then everything in the box dies at once. */
  cut(): Promise<void>;
  /** Switches it on; its disk is as it was. */
  on(): Promise<void>;
}

export interface BoxPlaces {
  /** What is the box's alone: its disk, its log. */
  folder: string;
  name: string;
  address: string;
  /** The process whose network it is plugged into. */
  fleet: number;
  /** `servers` have what realistic apps run on. */
  kind: 'plain' | 'servers';
  /** Folders of this machine that it sees, read-only, by where it sees them. */
  binds: Record<string, string>;
}

/** A box that is switched off. */
export function newBox(places: BoxPlaces): Box {
  const { name, address, folder, fleet } = places;
  let power: Guarded | undefined;
  const exec = (command: readonly string[], stdin = '') => execIn(leaderOf(places), command, stdin);
  return {
    name,
    address,
    exec,
    async sh(text, stdin = '') {
      const { code, stdout, stderr } = await exec(['/bin/sh', '-euc', text], stdin);
      if (code === 0) return stdout;
      throw new Error(`${name}: ${text.trim()}\nended with ${code}\n${stdout}${stderr}`);
    },
    path: (file) => path.join('/proc', String(leaderOf(places)), 'root', file),
    async on() {
      fs.rmSync(path.join(folder, 'process'), { force: true });
      power = switchOn(places);
      await booted(folder, name, power);
    },
    async cut() {
      await inNetwork(fleet, ['ip', 'link', 'set', name, 'down']);
      const init = leader(folder);
      if (init !== undefined) process.kill(init, 'SIGKILL');
      await power?.stop();
    },
  };
}

/** Runs a command in the network of a process. */
export function inNetwork(
  of: number,
  command: readonly string[],
  env: Record<string, string> = {},
  cwd = '/',
): Promise<Run> {
  return run('nsenter', [`--net=/proc/${of}/ns/net`, ...command], { cwd, env, mostMs: 60_000 });
}

function switchOn({ folder, name, address, fleet, binds, kind }: BoxPlaces): Guarded {
  const { STRATA_BOX_ROOT: plain = '', STRATA_BOX_SERVERS_ROOT: servers = '' } = process.env;
  const root = { plain, servers }[kind];
  const seen = Object.entries(binds).map(([at, from]) => `--bind-ro=${from}:${at}`);
  const own = ['sh', script, folder, root, name, address, String(fleet), ...seen];
  return startGuarded(['unshare', '--mount', '--net', '--', ...own], path.join(folder, 'log'));
}

async function booted(folder: string, name: string, power: Guarded): Promise<void> {
  const log = () => fs.readFileSync(path.join(folder, 'log'), 'utf8').split('\n').slice(-30).join('\n');
  await until(
    `${name} is up`,
    async () => {
      if (power.hasEnded()) throw new Error(`${name} did not come up\n${log()}`);
      const init = leader(folder);
      if (init === undefined) return false;
      const { stdout } = await enter(init, ['systemctl', 'is-system-running']);
      return /^(running|degraded)/.test(stdout);
    },
    log,
  );
}

/** The box's first process, as this machine knows it. */
function leader(folder: string): number | undefined {
  try {
    const nspawn = fs.readFileSync(path.join(folder, 'process'), 'utf8').trim();
    const children = fs.readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').trim().split(' ');
    const found = children.find((pid) => fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'systemd\n');
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}

function leaderOf({ folder, name }: BoxPlaces): number {
  const found = leader(folder);
  if (found === undefined) throw new Error(`${name} is off`);
  return found;
}

const searched = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

// What enters a box's namespaces keeps the rights that it has on this machine, over its clock, for one. So the box's own systemd
// starts the command: it has what the box has, and belongs to the box's control groups.
function execIn(init: number, command: readonly string[], stdin: string): Promise<Run> {
  const env = ['HOME=/root', 'LANG=C.UTF-8', 'TERM=dumb', `PATH=${searched}`].map((one) => `--setenv=${one}`);
  const how = ['--quiet', '--pipe', '--wait', '--collect', '--service-type=exec', ...env];
  return enter(init, ['systemd-run', ...how, '--', ...command], stdin);
}

function enter(init: number, command: readonly string[], stdin = ''): Promise<Run> {
  const how = ['--target', String(init), '--all', '--', '/usr/bin/env', '-i', `PATH=${searched}`];
  return run('nsenter', [...how, ...command], { cwd: '/', mostMs: 90_000 }, stdin);
}
