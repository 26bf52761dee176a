// The memory of the server's process once it has read all layers and come to rest. Linux tells it.
import { readFileSync } from 'node:fs';
import { READY, withServers } from './client.mjs';
import { plainFigure } from './figures.mjs';
import { strata } from './peers.mjs';
import { atRest } from './rest.mjs';
import { repeat } from './startup.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

// The server collects its garbage after two seconds of rest, and V8 gives free pages back eight seconds after that.
const REST_MS = 12_000;

/** @param {Bench} bench */
export async function memory({ folder, ownFolder, floors, apps, slowRuns }) {
  if (process.platform !== 'linux') {
    console.log('  memory: skipped, it is read from /proc, which only Linux has');
    return [];
  }
  const whole = await repeat(slowRuns, () => memoryOf(strata, folder, indexed));
  const own = await repeat(slowRuns, async () => ({
    strata: (await memoryOf(strata, ownFolder, indexed)).now,
    other: (await memoryOf(floors.echo, ownFolder)).now,
  }));
  const what = `memory with ${apps.toLocaleString('en')} apps`;
  const now = whole.map(({ now }) => ({ strata: now }));
  const peak = whole.map(({ peak }) => ({ strata: peak }));
  return [
    plainFigure({ what: `${what}, at rest`, peer: '', target: 250 }, 'MB', now),
    plainFigure({ what: `${what}, the most`, peer: '', target: Number.POSITIVE_INFINITY }, 'MB', peak),
    plainFigure(
      { what: "an app's own workspace: memory at rest", peer: 'echo server', target: 80 },
      'MB',
      own,
    ),
  ];
}

/** @param {import('./client.mjs').Server} server */
function indexed(server) {
  return server.notified(READY);
}

/**
 * Resident memory in megabytes: at rest, and the most there was.
 * @param {import('./client.mjs').Program} program
 * @param {string} folder
 * @param {(server: import('./client.mjs').Server) => Promise<unknown>} [ready]
 */
function memoryOf(program, folder, ready = async () => {}) {
  return withServers([program], folder, async (server) => {
    await ready(server);
    await atRest(server.pid);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    const megabytes = (/** @type {string} */ name) =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  });
}
