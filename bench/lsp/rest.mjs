// When a server has nothing left to do: seen from outside, so that it holds for any server.
import { readFileSync } from 'node:fs';

const LOOK_MS = 100;
const REST_LOOKS = 4;
const LIMIT_MS = 600_000;
const BLIND_MS = 3000;

/**
 * Waits until a process has used next to no processor time for a while. Only Linux tells how much it uses; a
 * fixed time is waited elsewhere.
 * @param {number} pid
 */
export async function atRest(pid) {
  if (process.platform !== 'linux') return await sleep(BLIND_MS);
  const limit = performance.now() + LIMIT_MS;
  let before = ticks(pid);
  for (let quiet = 0; quiet < REST_LOOKS && performance.now() < limit; ) {
    await sleep(LOOK_MS);
    const now = ticks(pid);
    quiet = now - before <= 1 ? quiet + 1 : 0;
    before = now;
  }
}

/** The processor time that a process has used, in hundredths of a second. */
function ticks(/** @type {number} */ pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets that may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return /** @type {Promise<void>} */ (new Promise((resolve) => setTimeout(resolve, milliseconds)));
}
