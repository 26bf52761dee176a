// npm run build is not needed: node bench/agent/latency.mjs [--lines 10000] [--seconds 5] [--readers 1,10]
// How long a line takes from a hook to those who follow its deployment, in one process with the agent, while the hook prints so many
// lines a second. A line tells when it was printed; the figures are over all lines and all readers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
    readers: { type: 'string', default: '1,10' },
  },
});
const { fileJournals } = await import('../../agent/journal/fileJournals.ts');
const { runHook } = await import('../../agent/deploy/hooks/runHook.ts');
const { createMask } = await import('../../agent/mask/mask.ts');

/** Prints as many lines as are due every 5 ms. */
const hook = `#!${process.execPath}
const [rate, seconds] = [${Number(values.lines)}, ${Number(values.seconds)}];
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

for (const readers of String(values.readers).split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  try {
    console.log(JSON.stringify({ readers, ...(await measure(folder, readers)) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} folder
 * @param {number} readers
 */
async function measure(folder, readers) {
  const file = join(folder, 'hook');
  writeFileSync(file, hook, { mode: 0o755 });
  mkdirSync(join(folder, 'state'));
  const journals = fileJournals(join(folder, 'state'));
  const journal = await journals.create('bench');
  const all = Array.from({ length: readers }, () => follow(journals));
  const { signal } = new AbortController();
  const before = process.cpuUsage();
  await runHook({
    ...{ folder: join(folder, 'hooks'), run: 'prepare', file, cwd: folder, env: {}, user: undefined },
    ...{ timeoutMs: 120_000, graceMs: 1000, mostOutput: 1e9, mask: createMask(), signal },
    async onLines(stream, lines) {
      await Promise.all(lines.map((text) => journal.append({ type: 'log', stage: 'prepare', stream, text })));
    },
  });
  await journal.append({ type: 'end', result: 'done' });
  const times = (await Promise.all(all)).flat().sort((a, b) => a - b);
  await journal.close();
  const { user, system } = process.cpuUsage(before);
  const at = (/** @type {number} */ part) =>
    Math.round((times[Math.floor(times.length * part)] ?? 0) * 10) / 10;
  return {
    lines: times.length / readers,
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    max: at(0.999999),
    cpuMs: Math.round((user + system) / 1000),
  };
}

/** @param {import('../../agent/journal/journal.ts').Journals} journals */
async function follow(journals) {
  const journal = await journals.open('bench');
  /** @type {number[]} */
  const times = [];
  for await (const event of journal.events(0, { follow: true })) {
    if (event.type !== 'log') continue;
    const printed = Number(/ at ([\d.]+)/.exec(event.text)?.[1]);
    times.push(performance.timeOrigin + performance.now() - printed);
  }
  await journal.close();
  return times;
}
