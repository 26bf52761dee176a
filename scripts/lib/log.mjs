// What the scripts say on the terminal.

import { readFileSync } from 'node:fs';

/** An error whose message tells a person all there is to know: it is shown without a stack. */
export class PlainError extends Error {}

const HEARTBEAT_MS = 10_000;
const PARENT_CHECK_MS = 1000;

/** @param {number} since a time from Date.now() */
export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Does something that may take a while: says what before, that it still goes on every ten seconds, and how
 * long it took after.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const started = Date.now();
  console.log(`  ${what} ...`);
  const heartbeat = setInterval(() => console.log(`  ${what}: ${seconds(started)} so far`), HEARTBEAT_MS);
  try {
    const result = await work();
    console.log(`  ${what}: done in ${seconds(started)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Runs a script's main function and exits with the code it gives; an error is shown and exits with 1.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  endWithNpm();
  let code = 1;
  try {
    code = await main();
  } catch (error) {
    console.error(error instanceof PlainError ? `\n${error.message}` : error);
  }
  // Pipes take what is written to them in the background: leave when both are empty.
  await Promise.all([process.stdout, process.stderr].map((to) => new Promise((done) => to.write('', done))));
  process.exit(code);
}

// A signal that ends npm, or the shell between npm and this script, does not always reach us.
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const atStart = parents();
  setInterval(() => {
    if (parents() !== atStart) process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

// The shell's own parent is told by Linux alone: the fourth field, after a name that may hold anything.
function parents() {
  const { ppid } = process;
  try {
    const stat = readFileSync(`/proc/${ppid}/stat`, 'utf8');
    return `${ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return String(ppid);
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
