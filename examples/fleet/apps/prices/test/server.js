import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrices } from '../server.js';

const conf = { common: { currency: 'USD' }, prices: { sheets: { a4: 0.1 } } };

async function ask(path) {
  const server = createPrices(conf).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
    return [response.status, await response.json()];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('tells what paper costs', async () => {
  assert.deepEqual(await ask('/v1/prices'), [200, { currency: 'USD', sheets: { a4: 0.1 } }]);
});

test('is healthy', async () => {
  assert.deepEqual(await ask('/health'), [200, { status: 'ok' }]);
});

test('knows nothing else', async () => {
  assert.deepEqual(await ask('/constructor'), [404, { error: 'not found' }]);
});
