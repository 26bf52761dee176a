import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { someBytes } from '../artifact/store/storeParts.ts';
import { type Run, strata } from '../support/cli.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';
import { endpoint, newBucket } from './bucket.ts';

const workspace = (bucket: string) => `
//- /strata.yaml
configs: [configs]
apps: []
environments: [qa]
artifacts: {store: s3://${bucket}/artifacts, s3: {endpoint: "${endpoint}", checksums: when-required}}
//- /configs/common.yaml
a: 1
`;

async function setUp(): Promise<{ cwd: string; run: (...args: string[]) => Promise<Run> }> {
  const cwd = writeFiles(workspace(await newBucket()));
  fs.mkdirSync(path.join(cwd, 'dist'));
  const config = writeFiles('');
  const env = { XDG_CONFIG_HOME: config, STRATA_ARTIFACTS: '' };
  return { cwd, run: (...args) => strata(args, { cwd, env }) };
}

describe('strata artifacts in a bucket', () => {
  it('uploads, promotes, downloads and verifies', async () => {
    const { cwd, run } = await setUp();
    const bytes = someBytes(20_000_000);
    fs.writeFileSync(path.join(cwd, 'dist/shop.tar.gz'), bytes);
    expect(await run('keys', 'new', 'ci')).toMatchObject({ code: 0 });
    const uploads = [await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '-m', 'deploy_compat=4')];
    uploads.push(await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '-m', 'commit_msg=Füße'));
    expect(uploads).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect((await run('artifacts', 'versions', 'shop')).stdout).toContain('2');
    expect(await run('artifacts', 'promote', 'shop', '1', '--to', 'production')).toMatchObject({ code: 0 });
    const got = await run('artifacts', 'download', 'shop', '--channel', 'production', '-o', 'got');
    expect(got).toMatchObject({ code: 0 });
    expect(fs.readFileSync(path.join(cwd, 'got')).equals(bytes)).toBe(true);
    expect(await run('artifacts', 'verify')).toMatchObject({ code: 0 });
    const again = await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '2');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
  });

  it('gives two uploads at once two versions', async () => {
    const { cwd, run } = await setUp();
    writeFile(cwd, 'dist/shop.tar.gz', 'some bytes');
    const upload = () => run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz');
    expect(await run('keys', 'new', 'ci')).toMatchObject({ code: 0 });
    const [one, two] = await Promise.all([upload(), upload()]);
    expect([one, two]).toMatchObject([{ code: 0 }, { code: 0 }]);
    const versions = [one, two].map((run) => /master (\d+):/.exec(run?.stdout ?? '')?.[1]);
    expect(versions.toSorted()).toEqual(['1', '2']);
  });
});
