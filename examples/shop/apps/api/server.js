// The shop's API. Its settings are in configuration.json (strata render api ENV --write).
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

export function createApi(conf) {
  const { api, common } = conf;
  const routes = {
    '/health': () => ({ status: 'ok' }),
    [`${api.base_path}/shop`]: () => ({
      domain: common.domain.main,
      currency: common.currency.default,
      features: common.feature_flags,
    }),
  };
  const mayCall = limiter(api.rate_limit);

  return createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (api.cors.origins.includes(request.headers.origin)) {
      response.setHeader('access-control-allow-origin', request.headers.origin);
    }
    if (!route) return send(response, 404, { error: 'not found' });
    // The load balancer asks often, and always gets an answer.
    if (pathname !== '/health' && !mayCall()) return send(response, 429, { error: 'too many requests' });
    send(response, 200, route());
  });
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** A token bucket: `per_minute` on average, `burst_factor` times that at once. */
function limiter({ per_minute, burst_factor }) {
  const size = per_minute * burst_factor;
  let tokens = size;
  let last = Date.now();
  return () => {
    const now = Date.now();
    tokens = Math.min(size, tokens + ((now - last) / 60_000) * per_minute);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const conf = JSON.parse(readFileSync(new URL('configuration.json', import.meta.url), 'utf8'));
  const server = createApi(conf);
  server.listen(conf.api.port, conf.api.host, () => {
    console.log(`listening on http://${conf.api.host}:${conf.api.port}${conf.api.base_path}`);
  });
  process.on('SIGTERM', () => server.close());
}
