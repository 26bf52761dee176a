import fs from 'node:fs';
import path from 'node:path';
import type { Run } from '../cli.ts';
import { newFolder } from '../repository.ts';
import { type Box, type BoxPlaces, inNetwork, newBox } from './box.ts';
import { type Guarded, startGuarded, until } from './guarded.ts';

/** Boxes in a network of their own, with no way out. */
export interface Fleet {
  boxes: Box[];
  /** The process whose network it is. */
  process: number;
  /** Runs a command of this machine in their network. */
  run(command: readonly string[], env?: Record<string, string>, cwd?: string): Promise<Run>;
  stop(): Promise<void>;
}

/** Not an address that machines of tests are likely to use; nothing outside of the namespace sees it anyway. */
const network = '10.91.0';

/**
 * Starts boxes, `b1` and so on, at 10.91.0.11 and so on; this machine is 10.91.0.1 for them.
 * @param binds folders of this machine that they see, read-only, by where they see them
 */
export async function startFleet(
  count: number,
  binds: Record<string, string> = {},
  kind: BoxPlaces['kind'] = 'plain',
): Promise<Fleet> {
  const folder = newFolder();
  const pidFile = path.join(folder, 'process');
  const hold = startGuarded(
    ['unshare', '--net', '--', 'sh', '-euc', holdNetwork, pidFile],
    path.join(folder, 'log'),
    folder,
  );
  await until('there is a network', () => {
    if (hold.hasEnded()) throw new Error(fs.readFileSync(path.join(folder, 'log'), 'utf8'));
    return fs.existsSync(pidFile);
  });
  const fleet = Number(fs.readFileSync(pidFile, 'utf8'));
  const boxes = Array.from({ length: count }, (_, at) => {
    const name = `b${at + 1}`;
    fs.mkdirSync(path.join(folder, name));
    const address = `${network}.${at + 11}`;
    return newBox({ folder: path.join(folder, name), name, address, fleet, binds, kind });
  });
  const lines = ['127.0.0.1 localhost', `${network}.1 controller`];
  const hosts = [...lines, ...boxes.map(({ name, address }) => `${address} ${name}`)];
  fs.writeFileSync(path.join(folder, 'hosts'), hosts.map((line) => `${line}\n`).join(''));
  const stop = () => stopAll(boxes, hold);
  try {
    await Promise.all(boxes.map((box) => box.on()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { boxes, process: fleet, run: (command, env, cwd) => inNetwork(fleet, command, env, cwd), stop };
}

const holdNetwork = `
ip link set lo up
ip link add switch type bridge
ip addr add ${network}.1/24 dev switch
ip link set switch up
echo $$ > "$0.new"
mv "$0.new" "$0"
exec setpriv --pdeathsig KILL sleep infinity
`;

async function stopAll(boxes: readonly Box[], hold: Guarded): Promise<void> {
  await Promise.all(boxes.map((box) => box.cut()));
  await hold.stop();
}
