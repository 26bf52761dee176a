import { beforeAll, describe } from 'vitest';
import { storeContract } from '../artifact/store/contract.ts';
import { newBucket, part, storeIn } from './bucket.ts';

describe('a store in a bucket', () => {
  let bucket = '';
  beforeAll(async () => {
    bucket = await newBucket();
  });
  storeContract(() => storeIn(bucket), { bigBytes: 2 * part + 1000 });
});
