import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { localStore } from '../../../artifact/store/localStore.ts';
import { storeContract } from './contract.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-store-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a store in a directory', () => {
  storeContract(() => localStore(path.join(folder, 'contract')), { bigBytes: 3_000_000 });
});
