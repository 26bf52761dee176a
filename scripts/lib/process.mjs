// Child processes that never outlive this one (see guard.mjs).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atShutdown } from './shutdown.mjs';

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url));

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {(text: string) => void} [onOutput] gets standard output and error; both are shown without it
 * @property {string} [folder] deleted after the child has ended
 * @property {number} [limitMs] the child is stopped after this time
 */

/**
 * Starts a command. `exited` settles with its exit code once it and its own children are gone.
 * @param {string} command
 * @param {string[]} args
 * @param {ChildOptions} [options]
 */
export function startChild(command, args, { cwd, env, onOutput, folder = '', limitMs } = {}) {
  const show = onOutput ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, [GUARD, folder, command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    // A group of its own, so that it can be ended with all that it started, and nothing else.
    detached: process.platform !== 'win32',
    stdio: ['pipe', show, show],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', onOutput ?? (() => {}));

  const stop = () => {
    child.stdin?.end();
    return exited;
  };
  const forget = atShutdown(stop);
  const timer =
    limitMs &&
    setTimeout(() => {
      console.error(`${command} is stopped: it took longer than ${limitMs / 1000} s`);
      void stop();
    }, limitMs);
  /** @type {Promise<number>} */
  const exited = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (timer) clearTimeout(timer);
      forget();
      resolve(code ?? 1);
    });
  });
  return { exited, stop };
}

/**
 * Runs a command to its end and gives its exit code, showing its output.
 * @param {string} command
 * @param {string[]} args
 * @param {ChildOptions} [options]
 */
export async function exitCode(command, args, options) {
  return await startChild(command, args, options).exited;
}

/**
 * Runs a command and gives what it printed; throws with that text when the command fails.
 * @param {string} command
 * @param {string[]} args
 * @param {Omit<ChildOptions, 'onOutput'>} [options]
 */
export async function output(command, args, options) {
  let text = '';
  const onOutput = (/** @type {string} */ part) => {
    text += part;
  };
  const code = await startChild(command, args, { ...options, onOutput }).exited;
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${text.trim()}`);
  return text;
}
