// What paper costs. Its settings are in configuration.json (strata render prices ENV --write).
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

export function createPrices({ common, prices }) {
  const routes = {
    '/health': () => ({ status: 'ok' }),
    '/v1/prices': () => ({ currency: common.currency, sheets: prices.sheets }),
  };
  return createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(route ? route() : { error: 'not found' })}\n`);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const conf = JSON.parse(readFileSync(new URL('configuration.json', import.meta.url), 'utf8'));
  // On a box each of the two slots has a socket of its own, which an earlier life may have left.
  const { SOCKET } = process.env;
  if (SOCKET) rmSync(SOCKET, { force: true });
  if (SOCKET) process.umask(0);
  const server = createPrices(conf).listen(SOCKET ?? { port: conf.prices.port, host: '127.0.0.1' });
  // Ends when the requests that it has are answered.
  process.on('SIGTERM', () => server.close());
}
