// Requests without a break, of all the kinds that a switch could break: on connections that are kept and on new ones, short ones, some that take
// two seconds, and uploads. Tells at its end, when its standard input ends, how many there were and which failed.
//   node load.mjs URL
// A line on its standard input names what happens from now on; the times of short requests are told apart by it.
import http from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const url = process.argv[2] ?? '';
const keptAgent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const upload = Buffer.alloc(64 * 1024, 'x');

/** @type {{ count: number, failed: string[], kinds: Record<string, number>, times: Record<string, number[]> }} */
const seen = { count: 0, failed: [], kinds: {}, times: {} };
let phase = 'first';
let isOver = false;

/**
 * @param {string} path
 * @param {http.RequestOptions} options
 * @param {number} chunks
 * @returns {Promise<void>}
 */
function ask(path, options, chunks = 0) {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, url), { timeout: 20_000, ...options }, (response) => {
      response.on('error', reject).on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200) resolve();
        else reject(new Error(`status ${statusCode}`));
      });
      response.resume();
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer within 20 s')));
    void send(request, chunks);
  });
}

/**
 * @param {http.ClientRequest} request
 * @param {number} chunks
 */
async function send(request, chunks) {
  for (let at = 0; at < chunks; at++) {
    request.write(upload);
    await wait(20);
  }
  request.end();
}

/**
 * @param {string} kind
 * @param {() => Promise<void>} once
 */
async function repeat(kind, once) {
  while (!isOver) {
    const [started, during] = [performance.now(), phase];
    try {
      await once();
    } catch (error) {
      const { code = '', message } = /** @type {NodeJS.ErrnoException} */ (error);
      seen.failed.push(
        `${during}: ${kind} after ${Math.round(performance.now() - started)} ms: ${code} ${message}`,
      );
    }
    seen.count++;
    seen.kinds[kind] = (seen.kinds[kind] ?? 0) + 1;
    if (kind === 'kept') {
      seen.times[during] ??= [];
      seen.times[during].push(performance.now() - started);
    }
    await wait(kind === 'kept' ? 2 : 5);
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  phase = line;
});
input.on('close', () => {
  isOver = true;
});
const many = (/** @type {number} */ count, /** @type {() => Promise<void>} */ work) =>
  Array.from({ length: count }, work);
await Promise.all([
  ...many(6, () => repeat('kept', () => ask('/', { agent: keptAgent }))),
  ...many(3, () => repeat('new', () => ask('/', { agent: false }))),
  ...many(3, () => repeat('slow', () => ask('/slow', { agent: keptAgent }))),
  ...many(2, () => repeat('upload', () => ask('/upload', { agent: keptAgent, method: 'POST' }, 25))),
]);
keptAgent.destroy();
const percentile = (/** @type {number[]} */ times) =>
  times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
const p99 = Object.fromEntries(Object.entries(seen.times).map(([name, times]) => [name, percentile(times)]));
console.log(
  JSON.stringify({
    ...seen,
    times: undefined,
    failed: seen.failed.slice(0, 50),
    failures: seen.failed.length,
    p99,
  }),
);
