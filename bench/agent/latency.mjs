// How long a line takes from a hook to those who follow its deployment: the agent is a process of its own, readers ask it as `strata` and
// the extension do, over HTTP, while the hook prints so many lines a second. A line tells when it was printed.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PlainError } from '../../scripts/lib/log.mjs';
import { projectNode } from '../../scripts/setup.mjs';
import { percentile, plainFigure } from '../lsp/figures.mjs';
import { startBox, uploadShop } from './boxes.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

const linesPerSecond = 10_000;

/**
 * Prints as many lines as are due every 5 ms.
 * @param {number} seconds
 */
const hook = (seconds) => `#!${projectNode()}
const [rate, seconds] = [${linesPerSecond}, ${seconds}];
const now = () => performance.timeOrigin + performance.now();
const began = now();
let printed = 0;
const timer = setInterval(() => {
  const due = Math.min(rate * seconds, Math.floor(((now() - began) / 1000) * rate));
  let text = '';
  for (; printed < due; printed++) text += 'line ' + printed + ' at ' + now() + ' of what a hook says while it migrates\\n';
  require('node:fs').writeSync(1, text);
  if (printed === rate * seconds) clearInterval(timer);
}, 5);
`;

/** @param {Bench} bench */
export async function latency(bench) {
  const store = join(bench.folder, 'latency-store');
  await uploadShop(bench, store, '1', { 'deploy/hooks/prepare': hook(bench.seconds) });
  const box = await startBox(bench, store, 'latency', bench.flags);
  try {
    const figures = [];
    for (const readers of [1, 10]) {
      /** @type {number[][]} */
      const runs = [];
      for (let run = 0; run < bench.runs; run++) runs.push(await timesOf(bench, box, readers));
      const what = `a line from the hook to ${readers === 1 ? 'one reader' : `${readers} readers`}`;
      const row = (/** @type {number} */ part) => runs.map((times) => ({ strata: percentile(times, part) }));
      const none = { peer: '', target: Number.POSITIVE_INFINITY };
      figures.push(
        plainFigure({ what: `${what}, p50`, ...none }, 'ms', row(0.5)),
        plainFigure({ what: `${what}, p99`, peer: '', target: 50 }, 'ms', row(0.99)),
      );
    }
    return figures;
  } finally {
    await box.stop();
  }
}

/**
 * What each line took to each reader, in milliseconds.
 * @param {Bench} bench
 * @param {import('./boxes.mjs').Box} box
 * @param {number} readers
 */
async function timesOf(bench, { name, url, token }, readers) {
  const { openAgent } = await import('../../remote/openAgent.ts');
  const remote = openAgent({ name, url }, { token });
  const { signal } = new AbortController();
  const { id } = await remote.deploy({ app: 'shop', version: '1', force: true }, randomUUID(), signal);
  /** @type {number[]} */
  const times = [];
  const follow = async () => {
    for await (const event of remote.events(id, 0, { follow: true, signal })) {
      if (event.type === 'end' && event.result !== 'done') throw new PlainError(`it ended: ${event.reason}`);
      if (event.type !== 'log' || event.stream !== 'stdout') continue;
      const printed = Number(/ at ([\d.]+)/.exec(event.text)?.[1]);
      times.push(performance.timeOrigin + performance.now() - printed);
    }
  };
  await Promise.all(Array.from({ length: readers }, follow));
  const wanted = linesPerSecond * bench.seconds * readers;
  if (times.length !== wanted) throw new PlainError(`${times.length} of ${wanted} lines came`);
  return times;
}
