import { expect, it } from 'vitest';
import { readDocuments } from './readDocuments.ts';

it('no text makes the core throw or hang', async () => {
  const { failure, read } = await readDocuments({ seed: 1, count: 12_000 });
  expect(failure).toBeUndefined();
  expect(read).toBe(12_000);
}, 300_000);
