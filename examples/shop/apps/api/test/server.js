import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../server.js';

const conf = {
  common: { domain: { main: 'test.example' }, currency: { default: 'USD' }, feature_flags: ['gift-notes'] },
  api: {
    base_path: '/v1',
    rate_limit: { per_minute: 2, burst_factor: 1.0 },
    cors: { origins: ['https://partners.example'] },
  },
};

async function withApi(run) {
  const server = createApi(conf).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await run((path, init) => fetch(`http://127.0.0.1:${server.address().port}${path}`, init));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('is healthy, however often it is asked', () =>
  withApi(async (get) => {
    for (let i = 0; i < 5; i++) {
      const response = await get('/health');
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { status: 'ok' });
    }
  }));

test('limits the rate', () =>
  withApi(async (get) => {
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await get('/v1/shop')).status);
    assert.deepEqual(statuses, [200, 200, 429]);
  }));

test('lets known origins in', () =>
  withApi(async (get) => {
    const response = await get('/v1/shop', { headers: { origin: 'https://partners.example' } });
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://partners.example');
  }));
