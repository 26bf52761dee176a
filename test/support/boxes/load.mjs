// Requests without a break, of all the kinds that a switch could break: on connections that are kept and on new ones, short ones, some that take
// two seconds, and uploads. Tells at its end, when its standard input ends, how many there were and which failed.
//   node load.mjs URL [retries]
// A line on its standard input names what happens from now on; the times of short requests are told apart by it.
//
// A server may close a kept connection that is idle just when a request is sent on it. Clients send such a request once more by themselves
// where that does no harm: where no byte of an answer came, and the method is idempotent (RFC 9110, 9.2.2; RFC 9112, 9.3.1). With `retries`
// this one does so, too, and tells how often; and it uploads on new connections, as a POST must not be sent twice. Without it such a
// request has failed.
import http from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const [, , url = '', mode = ''] = process.argv;
const retries = mode === 'retries';
const keptAgent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const upload = Buffer.alloc(64 * 1024, 'x');

/** @type {{ count: number, retried: number, failed: string[], kinds: Record<string, number>, times: Record<string, number[]> }} */
const seen = { count: 0, retried: 0, failed: [], kinds: {}, times: {} };
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
    let read = 0;
    request.on('socket', (socket) => {
      read = socket.bytesRead;
    });
    request.on('error', (error) => {
      const wasIdle = request.reusedSocket && request.socket?.bytesRead === read;
      reject(wasIdle ? Object.assign(error, { wasIdle }) : error);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 20 s')));
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
 * A request without effects, on a kept connection.
 * @param {string} path
 */
async function get(path) {
  try {
    await ask(path, { agent: keptAgent });
  } catch (error) {
    const { code = '', wasIdle = false } = /** @type {NodeJS.ErrnoException & { wasIdle?: boolean }} */ (
      error
    );
    if (!retries || !wasIdle || !['ECONNRESET', 'EPIPE'].includes(code)) throw error;
    seen.retried++;
    await ask(path, { agent: false });
  }
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
const uploadAgent = retries ? false : keptAgent;
const many = (/** @type {number} */ count, /** @type {() => Promise<void>} */ work) =>
  Array.from({ length: count }, work);
await Promise.all([
  ...many(6, () => repeat('kept', () => get('/'))),
  ...many(3, () => repeat('new', () => ask('/', { agent: false }))),
  ...many(3, () => repeat('slow', () => get('/slow'))),
  ...many(2, () => repeat('upload', () => ask('/upload', { agent: uploadAgent, method: 'POST' }, 25))),
]);
keptAgent.destroy();
const spread = (/** @type {number[]} */ times) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) =>
    Number((sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
};
console.log(
  JSON.stringify({
    ...seen,
    times: Object.fromEntries(Object.entries(seen.times).map(([name, times]) => [name, spread(times)])),
    failed: seen.failed.slice(0, 50),
    failures: seen.failed.length,
  }),
);
