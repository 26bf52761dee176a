// Runs one command, and ends it with everything it started as soon as our standard input closes: that
// happens when the process that started us closes it on purpose, and also when that process dies in
// whatever way. Last it deletes the folder that the command worked in, where one is given.
//   node guard.mjs FOLDER-OR-EMPTY COMMAND [ARGUMENT...]      (see process.mjs)
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { constants } from 'node:os';

const GRACE_MS = 4000;
const POLL_MS = 50;
const windows = process.platform === 'win32';
const [folder = '', command = '', ...args] = process.argv.slice(2);

// Leader of a process group, which is what we end.
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows });
/** @type {number | undefined} */
let exitCode;
let stopping = false;

child.on('error', (error) => {
  console.error(`${command}: ${error.message}`);
  leave(127);
});
child.on('exit', (code, signal) => {
  exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  if (!stopping) leave(exitCode);
});

process.stdin.resume();
process.stdin.on('end', stop);
process.stdin.on('error', stop);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);

// The command may end before what it started has tidied up: that gets its time too.
function stop() {
  if (stopping) return;
  stopping = true;
  const deadline = Date.now() + GRACE_MS;
  signalGroup('SIGTERM');
  setInterval(() => {
    if (Date.now() > deadline) signalGroup('SIGKILL');
    else if (signalGroup(0)) return;
    leave(exitCode ?? 1);
  }, POLL_MS);
}

/** @param {number} code */
function leave(code) {
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}

/**
 * Sends a signal to the whole group; false when there is none any more.
 * @param {NodeJS.Signals | 0} signal
 */
function signalGroup(signal) {
  if (child.pid === undefined) return false;
  if (windows) {
    if (signal) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return exitCode === undefined;
  }
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}
