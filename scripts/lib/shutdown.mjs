// What has to be undone when a signal ends this process.

/** @typedef {'first' | 'last'} Turn */

/** @type {Map<() => unknown, Turn>} */
const closers = new Map();
const SIGNALS = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 });
const LONGEST_MS = 8000;
let listening = false;
let closing = false;

/**
 * Has `close` called when a signal ends this process; returns the function that takes it off the list.
 * Those that go `last` (folders) wait for all that go `first` (the processes that write into them).
 * @param {() => unknown} close
 * @param {Turn} [turn]
 */
export function atShutdown(close, turn = 'first') {
  listen();
  closers.set(close, turn);
  return () => {
    closers.delete(close);
  };
}

function listen() {
  if (listening) return;
  listening = true;
  for (const [signal, number] of Object.entries(SIGNALS)) process.on(signal, () => shutDown(128 + number));
}

/** @param {number} exitCode */
async function shutDown(exitCode) {
  // A second signal: whoever sent it does not want to wait.
  if (closing) process.exit(exitCode);
  closing = true;
  setTimeout(() => process.exit(exitCode), LONGEST_MS).unref();
  await closeAll('first');
  await closeAll('last');
  process.exit(exitCode);
}

/** @param {Turn} turn */
async function closeAll(turn) {
  const due = [...closers].filter(([, its]) => its === turn).map(([close]) => close);
  await Promise.allSettled(due.map(async (close) => close()));
}
