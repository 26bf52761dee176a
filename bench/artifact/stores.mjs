// Artifacts through the stores, against copying them, and against Amazon's own client.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ensureS3Server } from '../../scripts/s3-server/install.mjs';
import { startS3Server } from '../../scripts/s3-server/run.mjs';
import { plainFigure, ratioFigure } from '../lsp/figures.mjs';
import { nodeOutput } from '../processes.mjs';
import { inTurns, shellDuration, taskDuration } from './turns.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

const COPY = 'cp "$1" "$2/a" && sha256sum "$2/a" && cp "$2/a" "$2/b" && sha256sum "$2/b"';
/** As the store does: what is there must be there after a power cut. */
const COPY_LASTING =
  'cp "$1" "$2/a" && sync "$2/a" && sha256sum "$2/a" && cp "$2/a" "$2/b" && sync "$2/b" && sha256sum "$2/b"';

/** @param {Bench} bench */
export async function localStore({ tasks, archive, folder, runs }) {
  const against = (/** @type {string} */ script) =>
    inTurns(runs, {
      made: join(folder, 'local'),
      async strata(made) {
        mkdirSync(made);
        return taskDuration(tasks, 'store', join(made, 'store'), archive, '1', join(made, 'copy'));
      },
      async other(made) {
        mkdirSync(made);
        return shellDuration(script, archive, made);
      },
    });
  const row = (/** @type {string} */ peer, target = Number.NaN) => ({
    ...{ what: 'upload and download: a directory', peer, target },
  });
  return [
    ratioFigure(row('cp and sha256sum, twice', 1.3), await against(COPY)),
    ratioFigure(row('the same with `sync` of each file'), await against(COPY_LASTING)),
  ];
}

/** @param {Bench} bench */
export async function bucketStore({ tasks, archive, folder, runs }) {
  return withBucket(async ({ endpoint, bucket, address }) => {
    let version = 0;
    const pairs = await inTurns(runs, {
      made: join(folder, 'from-bucket'),
      strata: (copy) => taskDuration(tasks, 'store', address, archive, String(++version), copy),
      other: (copy) => taskDuration(tasks, 'sdk', endpoint, bucket, archive, `plain-${++version}`, copy),
    });
    const row = { what: 'upload and download: S3', peer: "Amazon's client and SHA-256", target: 1.2 };
    return [ratioFigure(row, pairs)];
  });
}

/** @param {Bench} bench */
export async function manyVersions({ tasks, smallFile, runs, versions }) {
  return withBucket(async ({ endpoint, bucket, address, prefix }) => {
    await nodeOutput([
      tasks,
      'fill',
      endpoint,
      bucket,
      `${prefix}shop/master/shop.tar.gz/`,
      String(versions - 1),
    ]);
    await nodeOutput([tasks, 'upload', address, smallFile, String(versions)]);
    const calls = async () => ({
      strata: Number(await nodeOutput([tasks, 'versions', address, String(versions)])),
    });
    const first = [await calls()];
    const later = [];
    for (let run = 0; run < runs; run++) later.push(await calls());
    const row = (/** @type {string} */ when, target = Number.NaN) => ({
      ...{ what: `\`versions\` of ${versions.toLocaleString('en')} in S3, ${when}`, peer: '', target },
    });
    return [
      plainFigure(row('the first time'), 'calls', first),
      plainFigure(row('from then on', 4), 'calls', later),
    ];
  });
}

/**
 * Does something with a bucket of a server that runs meanwhile.
 * @template T
 * @param {(at: { endpoint: string, bucket: string, prefix: string, address: string }) => Promise<T>} work
 */
async function withBucket(work) {
  const { endpoint, accessKey, secretKey, stop } = await startS3Server(await ensureS3Server());
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey });
  try {
    const bucket = 'bench';
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    const query = new URLSearchParams({ endpoint, region: 'us-east-1', checksums: 'when-required' });
    return await work({ endpoint, bucket, prefix: 'kept/', address: `s3://${bucket}/kept?${query}` });
  } finally {
    await stop();
  }
}
