// An app that takes the socket that systemd listens on, where there is one, and lets everybody finish when it is told to end.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const version = readFileSync(new URL('version.txt', import.meta.url), 'utf8');
let isEnding = false;

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
async function answer(request, response) {
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  if (request.url === '/slow') await wait(2000);
  // Whoever keeps the connection learns in time that it ends.
  if (isEnding) response.setHeader('connection', 'close');
  response.end(`${version} ${size}\n`);
}

const server = http.createServer((request, response) => {
  // Whoever asked may have gone.
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 75_000;
// systemd hands over the sockets that it listens on from number 3.
server.listen(process.env.LISTEN_FDS ? { fd: 3 } : { port: 8080 });
process.on('SIGTERM', () => {
  isEnding = true;
  // Takes no more connections. That of HTTP would close the idle ones as well, on some of which a request is on its way.
  net.Server.prototype.close.call(server);
  // Those on which nothing comes any more; the program ends with its last connection.
  setInterval(() => server.closeIdleConnections(), 1000).unref();
});
