// An app that finishes what it has begun when it is told to end.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const version = readFileSync(new URL('version.txt', import.meta.url), 'utf8');
const { PORT, SOCKET, HOST = '127.0.0.1' } = process.env;
let isEnding = false;
const server = http.createServer((request, response) => {
  // Whoever asked may have gone.
  answer(request, response).catch(() => response.destroy());
});

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
async function answer(request, response) {
  if (request.url === '/health' && version.includes('ill')) return response.writeHead(500).end();
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  if (request.url === '/slow') await wait(2000);
  if (request.url?.endsWith('/wait')) while (!existsSync('/tmp/go')) await wait(20);
  if (isEnding) response.setHeader('connection', 'close');
  response.end(`${version} ${size}\n`);
}

// Longer than whoever asks keeps a connection: it is the other side that closes.
server.keepAliveTimeout = 75_000;
if (SOCKET) rmSync(SOCKET, { force: true });
if (SOCKET) process.umask(0);
server.listen(SOCKET ?? { port: Number(PORT), host: HOST });
process.on('SIGTERM', () => {
  isEnding = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
