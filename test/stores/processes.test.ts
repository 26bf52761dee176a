import { beforeAll, describe } from 'vitest';
import { severalProcesses } from '../artifact/store/severalProcesses.ts';
import { addressOf, newBucket, storeIn } from './bucket.ts';

describe('a store in a bucket', () => {
  let bucket = '';
  beforeAll(async () => {
    bucket = await newBucket();
  });
  severalProcesses(() => ({ store: storeIn(bucket), address: addressOf(bucket) }), {
    bytes: 9_000_000,
    rounds: 4,
  });
});
