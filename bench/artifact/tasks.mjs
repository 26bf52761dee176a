// What Strata does in a process of its own, and Amazon's client beside it: TASK ARGUMENT...
import { createReadStream } from 'node:fs';
import { listTree } from '../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../artifact/archive/pack.ts';
import { unpackArchive } from '../../artifact/archive/unpack.ts';
import { download } from '../../artifact/repository/download.ts';
import { openRepository, seriesOf } from '../../artifact/repository/repository.ts';
import { upload } from '../../artifact/repository/upload.ts';
import { versions } from '../../artifact/repository/versions.ts';
import { makeSigningKey } from '../../artifact/signing/keys.ts';
import { openStore } from '../../artifact/store/openStore.ts';
import { countRequests } from './requests.mjs';

const MTIME = 1_700_000_000;
const series = seriesOf('shop');
const key = makeSigningKey('bench');
const trust = { keys: [{ name: 'bench', key: key.public, app: '*', channel: '*' }], unsigned: [] };

/** @type {Record<string, (...args: string[]) => Promise<unknown>>} */
const tasks = {
  pack: (root, file, compression) =>
    packArchiveFile(file, {
      top: 'shop',
      sources: [{ root, names: listTree(root) }],
      mtime: MTIME,
      compression: compression === 'gzip' ? 'gzip' : 'zstd',
    }),
  unpack: (file, into) => unpackArchive(createReadStream(file), into, { top: 'shop' }),
  async store(address, file, version, copy) {
    const repository = openRepository(await openStore(address), trust);
    await upload(repository, series, { version, file, key });
    await download(repository, series, { version, file: copy });
  },
  sdk: async (endpoint, bucket, file, name, copy) =>
    (await import('./plainClient.mjs')).throughBucket(endpoint, bucket, file, name, copy),
  fill: async (endpoint, bucket, prefix, count) =>
    (await import('./plainClient.mjs')).fillBucket(endpoint, bucket, prefix, Number(count)),
  async upload(address, file, version) {
    await upload(openRepository(await openStore(address), trust), series, { version, file, key });
  },
  async versions(address, count) {
    const repository = openRepository(await openStore(address), trust);
    const requests = countRequests();
    const found = await versions(repository, series);
    if (found.length !== Number(count)) throw new Error(`${found.length} versions instead of ${count}`);
    process.stdout.write(String(requests()));
  },
};

const [task = '', ...args] = process.argv.slice(2);
tasks[task](...args).catch((/** @type {Error} */ error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
