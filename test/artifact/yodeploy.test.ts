import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { download } from '../../artifact/repository/download.ts';
import { head } from '../../artifact/repository/head.ts';
import { latest } from '../../artifact/repository/latest.ts';
import { allSeries } from '../../artifact/repository/listing.ts';
import { promote } from '../../artifact/repository/promote.ts';
import { remove } from '../../artifact/repository/remove.ts';
import { openRepository, type Repository, seriesOf } from '../../artifact/repository/repository.ts';
import { reserveVersion } from '../../artifact/repository/reserve.ts';
import { verify } from '../../artifact/repository/verify.ts';
import { versions } from '../../artifact/repository/versions.ts';
import { localStore } from '../../artifact/store/localStore.ts';
import {
  ci,
  newRepository,
  shop,
  trustAll,
  trustCi,
  uploadText,
  versionFile,
} from '../support/repository.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

/** As yodeploy's local store leaves it: the mark on what was uploaded last, metadata beside the bytes. */
const theirs = `
//- /shop/master/shop.tar.gz/9
bytes of 9
//- /shop/master/shop.tar.gz/9.meta
{"commit": "aaa", "commit_msg": "Gr\\u00fc\\u00dfe", "deploy_compat": "4", "build_number": "9"}
//- /shop/master/shop.tar.gz/10
bytes of 10
//- /shop/master/shop.tar.gz/10.meta
{"commit": "bbb", "deploy-compat": "4"}
//- /shop/master/shop.tar.gz/latest
10
//- /shop/master/virtualenv-0123abcd.tar.gz/1
packages
//- /shop/master/virtualenv-0123abcd.tar.gz/latest
1
//- /blog/qa/blog.tar.gz/c1
no metadata
//- /blog/qa/blog.tar.gz/latest
c1
`;

function theirRepository(trust = trustAll): Repository & { folder: string } {
  const folder = writeFiles(theirs);
  return { ...openRepository(localStore(folder), trust), folder };
}

describe("a yodeploy's repository", () => {
  it('can be looked through', async () => {
    const repo = theirRepository();
    const found: string[] = [];
    for await (const one of allSeries(repo)) {
      const known = (await versions(repo, one)).map(({ version }) => version);
      found.push(
        `${one.app}/${one.channel}/${one.artifact} ${known.join(' ')} -> ${await latest(repo, one)}`,
      );
    }
    expect(found).toEqual([
      'blog/qa/blog.tar.gz c1 -> c1',
      'shop/master/shop.tar.gz 9 10 -> 10',
      'shop/master/virtualenv-0123abcd.tar.gz 1 -> 1',
    ]);
  });

  it('tells its metadata, with - in keys as well as _', async () => {
    const repo = theirRepository();
    expect(await head(repo, shop, { version: '9' })).toMatchObject({
      sha256: undefined,
      signedBy: undefined,
      metadata: { commit: 'aaa', commit_msg: 'Grüße', deploy_compat: '4', build_number: '9' },
    });
    expect((await head(repo, shop)).metadata).toEqual({ commit: 'bbb', deploy_compat: '4' });
    expect((await head(repo, seriesOf('blog', { channel: 'qa' }))).metadata).toEqual({});
  });

  it('can be read where the settings allow what is not signed, and not elsewhere', async () => {
    const repo = theirRepository();
    const file = path.join(repo.folder, 'got');
    await download(repo, shop, { file });
    expect(fs.readFileSync(file, 'utf8')).toBe('bytes of 10\n');
    await verify(repo, shop, { version: '9' });
    await expect(head(openRepository(repo.store, trustCi), shop)).rejects.toThrow('it is not signed');
  });

  it('can be gone on with', async () => {
    const repo = theirRepository();
    expect((await reserveVersion(repo, shop)).version).toBe('11');
    await uploadText(repo, '10.1');
    expect((await versions(repo, shop)).map((one) => one.version)).toEqual(['9', '10', '10.1']);
    expect(await latest(repo, shop)).toBe('10.1');
    await expect(uploadText(repo, '9')).rejects.toMatchObject({ code: 'exists' });
    await remove(repo, shop, '10.1');
    expect(await latest(repo, shop)).toBe('10');
    await remove(repo, shop, '9');
    expect(fs.existsSync(versionFile(repo.folder, '9.meta'))).toBe(false);
  });

  it('can be taken over: a promotion signs what has no signature', async () => {
    const repo = theirRepository();
    await promote(repo, shop, { to: 'production', key: ci });
    const strict = openRepository(repo.store, trustCi);
    const taken = await verify(strict, seriesOf('shop', { channel: 'production' }), {});
    expect(taken).toMatchObject({ version: '10', signedBy: 'ci', metadata: { commit: 'bbb' } });
  });
});

describe('a repository of ours', () => {
  /** What yodeploy takes for versions: files that are neither `latest` nor `*.meta`. */
  function versionsForYodeploy(folder: string): string[] {
    const entries = fs.readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile());
    return entries.map((one) => one.name).filter((name) => name !== 'latest' && !name.endsWith('.meta'));
  }

  it('looks to yodeploy like one of its own', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', 'first');
    await reserveVersion(repo, shop);
    await uploadText(repo, '3', 'third', { metadata: { commit: 'abc', deploy_compat: '4', branch: 'ü' } });
    const folder = path.join(repo.folder, 'shop/master/shop.tar.gz');
    expect(versionsForYodeploy(folder).sort()).toEqual(['1', '3']);
    expect(fs.readFileSync(path.join(folder, 'latest'), 'utf8')).toBe('3\n');
    expect(fs.readFileSync(path.join(folder, '3'), 'utf8')).toBe('third');
    const meta = JSON.parse(fs.readFileSync(path.join(folder, '3.meta'), 'utf8'));
    expect(meta).toMatchObject({ commit: 'abc', deploy_compat: '4' });
    expect(JSON.stringify(meta)).toMatch(/^[\x20-\x7e]{1,2048}$/);
    expect(fs.readdirSync(repo.folder).filter((name) => !name.startsWith('.'))).toEqual(['shop']);
  });
});
