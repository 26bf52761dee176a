import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ArtifactError } from '../../artifact/failure.ts';
import { download } from '../../artifact/repository/download.ts';
import { gc } from '../../artifact/repository/gc.ts';
import { head } from '../../artifact/repository/head.ts';
import { inUse } from '../../artifact/repository/inUse.ts';
import { latest } from '../../artifact/repository/latest.ts';
import { allSeries } from '../../artifact/repository/listing.ts';
import { promote } from '../../artifact/repository/promote.ts';
import { remove } from '../../artifact/repository/remove.ts';
import { openRepository, type Repository, seriesOf } from '../../artifact/repository/repository.ts';
import { releaseReservation, reserveVersion } from '../../artifact/repository/reserve.ts';
import { upload } from '../../artifact/repository/upload.ts';
import { verify } from '../../artifact/repository/verify.ts';
import { versions } from '../../artifact/repository/versions.ts';
import { makeSigningKey } from '../../artifact/signing/keys.ts';
import type { Store } from '../../artifact/store/store.ts';
import {
  ci,
  manifestFile,
  newFile,
  newFolder,
  newRepository,
  shop,
  tamper,
  trustAll,
  trustCi,
  uploadText,
  versionFile,
} from '../support/repository.ts';

const dayMs = 24 * 3600_000;

/** What became of a version that is downloaded: its text, or the failure; and what else was left beside it. */
async function got(repo: Repository, more: Parameters<typeof download>[2] | object = {}) {
  const folder = newFolder();
  const file = path.join(folder, 'got');
  try {
    await download(repo, shop, { file, ...more });
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return { code: error.code, message: error.message, left: fs.readdirSync(folder) };
  }
}

const names = async (repo: Repository, series = shop) =>
  (await versions(repo, series)).map((one) => one.version);

describe('an upload', () => {
  it('can be downloaded with all that is known of it', async () => {
    const repo = newRepository();
    const message = `${'long '.repeat(600)}\nGrüße`;
    const metadata = { commit: 'abc', commit_msg: message, deploy_compat: '4', dirty: 'false' };
    const uploaded = await uploadText(repo, '1', 'some bytes', { metadata });
    const sha256 = createHash('sha256').update('some bytes').digest('hex');
    expect(uploaded).toMatchObject({ latest: '1', manifest: { ...shop, version: '1', sha256, size: 10 } });
    expect(await got(repo)).toBe('some bytes');
    expect(await head(repo, shop)).toMatchObject({ version: '1', sha256, signedBy: 'ci', metadata });
    expect((await verify(repo, shop, {})).version).toBe('1');
  });

  it('may be empty', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', '');
    expect(await got(repo)).toBe('');
  });

  it('never changes a version', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', 'first');
    await expect(uploadText(repo, '1', 'second')).rejects.toThrow('shop/master has a version 1 already');
    expect(await got(repo)).toBe('first');
    expect(fs.readdirSync(path.dirname(manifestFile(repo.folder, '1')))).toHaveLength(1);
  });

  it('of several of one version at once: one gets there, the others are told, and nothing of them is left', async () => {
    const repo = newRepository();
    const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    const results = await Promise.allSettled(texts.map((text) => uploadText(repo, '1', text)));
    const won = texts.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const one of results) if (one.status === 'rejected') expect(one.reason.code).toBe('exists');
    expect(await got(repo)).toBe(won[0]);
    expect(fs.readdirSync(path.dirname(manifestFile(repo.folder, '1')))).toHaveLength(1);
  });

  it.each([
    ['../2', 'invalid'],
    ['latest', 'invalid'],
    ['1.meta', 'invalid'],
    ['', 'invalid'],
  ])('as version %j is refused', async (version, code) => {
    await expect(uploadText(newRepository(), version)).rejects.toMatchObject({ code });
  });

  it('of what is no file, or not the file that was meant, is refused', async () => {
    const repo = newRepository();
    const file = newFile('text');
    const put = (more: object) => upload(repo, shop, { version: '1', file, key: ci, ...more });
    await expect(put({ file: path.join(newFolder(), 'none') })).rejects.toMatchObject({ code: 'missing' });
    await expect(put({ file: newFolder() })).rejects.toMatchObject({ code: 'invalid' });
    await expect(put({ sha256: 'b'.repeat(64) })).rejects.toThrow('nothing was kept');
    await expect(put({ metadata: { 'Bad Key': 'x' } })).rejects.toMatchObject({ code: 'invalid' });
    expect(await names(repo)).toEqual([]);
    expect(fs.existsSync(path.join(repo.folder, 'shop'))).toBe(false);
  });

  it('of a file that changes meanwhile is refused, and nothing of it is left', async () => {
    const repo = newRepository();
    const file = newFile(Buffer.alloc(3_000_000));
    const put = upload(repo, shop, {
      version: '1',
      file,
      key: ci,
      onBytes: (done) => done === 4_048_576 && fs.appendFileSync(file, 'more'),
    });
    await expect(put).rejects.toThrow('was changed while it was uploaded');
    expect(await names(repo)).toEqual([]);
  });

  it('that is cancelled leaves nothing that can be seen', async () => {
    const repo = newRepository();
    const stop = new AbortController();
    const put = uploadText(repo, '1', 'x'.repeat(5_000_000), {
      signal: stop.signal,
      onBytes: (done) => done > 6_000_000 && stop.abort(),
    });
    await expect(put).rejects.toMatchObject({ code: 'cancelled' });
    expect(await names(repo)).toEqual([]);
    expect(await latest(repo, shop)).toBeUndefined();
  });

  it('without a key needs settings that allow it', async () => {
    const file = newFile('x');
    const strict = newRepository();
    await expect(upload(strict, shop, { version: '1', file })).rejects.toThrow('strata keys new NAME');
    const open = newRepository(trustAll);
    await upload(open, shop, { version: '1', file });
    expect(await got(open)).toBe('x');
    const closed = openRepository(open.store, trustCi);
    expect(await got(closed)).toMatchObject({ code: 'refused', left: [] });
  });

  it('whose answer got lost has worked', async () => {
    const repo = newRepository();
    const create: Store['create'] = async (...given) => {
      await repo.store.create(...given);
      throw new ArtifactError('unavailable', 'the answer got lost');
    };
    const lossy = { ...repo, store: { ...repo.store, create } };
    expect((await uploadText(lossy, '1')).latest).toBe('1');
    expect(await got(repo)).toBe('bytes of 1');
  });
});

describe('the latest version', () => {
  it('is the highest, whatever the order of uploads', async () => {
    const repo = newRepository();
    for (const version of ['2', '10', '9']) await uploadText(repo, version);
    expect(await latest(repo, shop)).toBe('10');
    expect(await names(repo)).toEqual(['2', '9', '10']);
    expect(fs.readFileSync(versionFile(repo.folder, 'latest'), 'utf8')).toBe('10\n');
  });

  it('is the highest of many at once', async () => {
    const repo = newRepository();
    const all = Array.from({ length: 12 }, (_, index) => String(((index * 5) % 12) + 1));
    await Promise.all(all.map((version) => uploadText(repo, version)));
    expect(await latest(repo, shop)).toBe('12');
    expect(await names(repo)).toHaveLength(12);
  });

  it('goes back only when the latest is removed', async () => {
    const repo = newRepository();
    for (const version of ['1', '2', '3']) await uploadText(repo, version);
    await remove(repo, shop, '1');
    expect(await latest(repo, shop)).toBe('3');
    await remove(repo, shop, '3');
    expect(await latest(repo, shop)).toBe('2');
    await remove(repo, shop, '2');
    expect(await latest(repo, shop)).toBeUndefined();
    await expect(remove(repo, shop, '2')).rejects.toMatchObject({ code: 'missing' });
    expect(await got(repo)).toMatchObject({ code: 'missing' });
  });
});

describe('a download is refused, and nothing of it can be read,', () => {
  const cases: [string, (folder: string) => void, string][] = [
    ['cut short', (folder) => tamper(versionFile(folder, '1'), (bytes) => bytes.subarray(1)), 'cut short'],
    ['longer', (folder) => tamper(versionFile(folder, '1'), (bytes) => `${bytes}x`), 'cut short or altered'],
    [
      'altered',
      (folder) => tamper(versionFile(folder, '1'), (bytes) => bytes.fill(65, 0, 1)),
      'its bytes were altered: they have the SHA-256',
    ],
    [
      'another version',
      (folder) => {
        for (const end of ['', '.meta']) {
          const from = versionFile(folder, `2${end}`);
          tamper(versionFile(folder, `1${end}`), () => fs.readFileSync(from));
        }
        fs.copyFileSync(
          manifestFile(folder, '2'),
          manifestFile(folder, '2').replace(/\/2\.(\w+\.json)$/, '/1.$1'),
        );
      },
      'it was swapped: its manifest is that of shop/master/shop.tar.gz 2',
    ],
    ['without its manifest', (folder) => fs.rmSync(manifestFile(folder, '1')), 'its manifest is gone'],
    [
      'with a broken manifest',
      (folder) => tamper(manifestFile(folder, '1'), () => '{'),
      'its manifest cannot be read',
    ],
    [
      'with a manifest elsewhere',
      (folder) =>
        tamper(versionFile(folder, '1.meta'), (bytes) =>
          bytes.toString().replace(/"manifest":"\w+"/, '"manifest":"../../../x"'),
        ),
      'its manifest is gone',
    ],
    [
      'stripped of what says that it is signed',
      (folder) => fs.rmSync(versionFile(folder, '1.meta')),
      'not signed',
    ],
    [
      'signed by somebody else',
      (folder) => {
        const other = makeSigningKey('other').public.id;
        tamper(manifestFile(folder, '1'), (bytes) => bytes.toString().replace(ci.public.id, other));
      },
      'no key that is trusted here signed it',
    ],
  ];

  it.each(cases)('%s', async (_, harm, reason) => {
    const repo = newRepository();
    await uploadText(repo, '1', 'the bytes');
    await uploadText(repo, '2', 'the other');
    harm(repo.folder);
    const result = await got(repo, { version: '1' });
    expect(result).toMatchObject({ code: 'refused', left: [] });
    expect(result).toMatchObject({ message: expect.stringContaining(reason) });
    await expect(verify(repo, shop, { version: '1' })).rejects.toThrow(reason);
  });

  it('of another app', async () => {
    const repo = newRepository();
    const blog = seriesOf('blog', { artifact: 'shop.tar.gz' });
    await upload(repo, blog, { version: '1', file: newFile('blog'), key: ci });
    fs.renameSync(path.join(repo.folder, 'blog'), path.join(repo.folder, 'shop'));
    expect(await got(repo)).toMatchObject({ code: 'refused', left: [] });
  });

  it('when its time is over, when it is too old, and below the lowest that is allowed', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z');
    const repo = newRepository({ ...trustCi, maxAge: 30 * dayMs }, () => time);
    await uploadText(repo, '1', 'x', { expires: time + dayMs });
    await uploadText(repo, '2', 'y');
    expect(await got(repo, { version: '1' })).toBe('x');
    expect(await got(repo, { version: '1', minimum: '2' })).toMatchObject({ code: 'refused' });
    expect(await got(repo, { version: '2', minimum: '2' })).toBe('y');
    time += 2 * dayMs;
    expect(await got(repo, { version: '1' })).toMatchObject({ message: expect.stringContaining('expired') });
    expect(await got(repo)).toBe('y');
    time += 30 * dayMs;
    expect(await got(repo)).toMatchObject({ message: expect.stringContaining('longer ago') });
  });
});

describe('a download that is broken off', () => {
  const text = 'abcdefghij'.repeat(100_000);

  /** A store whose connections break after some bytes. */
  function fragile(repo: Repository, breaks: number[], started: number[]): Repository {
    const store: Store = {
      ...repo.store,
      async get(key, options) {
        const found = await repo.store.get(key, options);
        if (!key.endsWith('/1')) return found;
        started.push(options?.start ?? 0);
        const after = breaks.shift();
        return after === undefined ? found : { ...found, body: Readable.from(broken(found.body, after)) };
      },
    };
    return { ...repo, store };
  }

  async function* broken(body: Readable, after: number): AsyncGenerator<Buffer> {
    let sent = 0;
    for await (const chunk of body) {
      const part = chunk.subarray(0, after - sent);
      sent += part.length;
      yield part;
      if (sent >= after) throw new Error('connection reset');
    }
  }

  it('goes on where it was', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', text);
    const started: number[] = [];
    expect(await got(fragile(repo, [1000, 2500], started))).toBe(text);
    expect(started).toEqual([0, 1000, 3500]);
  });

  it('ends with the reason when nothing more comes, and the next one goes on from there', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', text);
    const file = path.join(newFolder(), 'got');
    const started: number[] = [];
    await expect(download(fragile(repo, [700, 0, 0, 0, 0, 0], started), shop, { file })).rejects.toThrow(
      'connection reset',
    );
    expect(started).toEqual([0, 700, 700, 700, 700]);
    expect(fs.existsSync(file)).toBe(false);
    const again: number[] = [];
    await download(fragile(repo, [], again), shop, { file });
    expect(again).toEqual([700]);
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['got']);
  });

  it('starts anew where what was left is not what it should be', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', text);
    const file = path.join(newFolder(), 'got');
    await expect(download(fragile(repo, [700, 0, 0, 0, 0, 0], []), shop, { file })).rejects.toThrow();
    const [left = ''] = fs.readdirSync(path.dirname(file));
    tamper(path.join(path.dirname(file), left), (bytes) => bytes.fill(65));
    await download(repo, shop, { file });
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['got']);
  });

  it('by the caller leaves no file but the hidden one to go on from', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', text);
    const file = path.join(newFolder(), 'got');
    const stop = new AbortController();
    const cancelled = download(repo, shop, { file, signal: stop.signal, onBytes: () => stop.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const left = fs.readdirSync(path.dirname(file));
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/^\.got\.[0-9a-f]{16}\.part$/);
    await download(repo, shop, { file });
    expect(fs.readdirSync(path.dirname(file))).toEqual(['got']);
  });

  it('does not disturb another one of the same file', async () => {
    const repo = newRepository();
    await uploadText(repo, '1', text);
    const file = path.join(newFolder(), 'got');
    await Promise.all(Array.from({ length: 4 }, () => download(repo, shop, { file })));
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['got']);
  });
});

describe('a promotion', () => {
  const production = seriesOf('shop', { channel: 'production' });
  const readAs = (repo: Repository) => head(repo, production);

  it('gives another channel the same bytes, signed for it', async () => {
    const repo = newRepository();
    const text = 'bytes'.repeat(100_000);
    await uploadText(repo, '1', text, { metadata: { commit: 'abc' }, expires: repo.now() + dayMs });
    const before = await head(repo, shop);
    await promote(repo, shop, { to: 'production', key: ci });
    const { channel, promotedFrom, ...same } = await readAs(repo);
    expect({ channel, promotedFrom }).toEqual({ channel: 'production', promotedFrom: 'master' });
    expect(before).toMatchObject(same);
    expect((await verify(repo, production, {})).signedBy).toBe('ci');
    const inode = (of: string) => fs.statSync(versionFile(repo.folder, '1', of)).ino;
    expect(inode('production')).toBe(inode('master'));
    await expect(promote(repo, shop, { to: 'production', key: ci })).rejects.toMatchObject({
      code: 'exists',
    });
  });

  it('is trusted only by a key for that channel', async () => {
    const release = makeSigningKey('release');
    const trust = {
      keys: [
        { name: 'ci', key: ci.public, app: '*', channel: 'master' },
        { name: 'release', key: release.public, app: '*', channel: 'production' },
      ],
      unsigned: [],
    };
    const repo = newRepository(trust);
    await uploadText(repo, '1');
    await uploadText(repo, '2');
    await promote(repo, shop, { version: '1', to: 'production', key: ci });
    await expect(readAs(repo)).rejects.toThrow('signed by ci, which is trusted for */master only');
    await promote(repo, shop, { version: '2', to: 'production', key: release });
    expect((await readAs(repo)).signedBy).toBe('release');
    await expect(promote(repo, shop, { to: 'production' })).rejects.toMatchObject({ code: 'refused' });
  });

  it('of what may not be used is refused', async () => {
    const repo = newRepository();
    await uploadText(repo, '1');
    tamper(manifestFile(repo.folder, '1'), (bytes) =>
      bytes.toString().replace(/"sig": "..../, '"sig": "AAAA'),
    );
    await expect(promote(repo, shop, { to: 'production', key: ci })).rejects.toThrow(
      'its manifest was altered',
    );
    await expect(promote(repo, shop, { version: '7', to: 'qa', key: ci })).rejects.toMatchObject({
      code: 'missing',
    });
    await expect(promote(repo, shop, { to: 'master', key: ci })).rejects.toMatchObject({ code: 'invalid' });
    await expect(promote(repo, shop, { to: '../qa', key: ci })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('gc', () => {
  it('keeps the highest versions, the latest, and what is in use, on every channel', async () => {
    const repo = newRepository();
    for (const version of ['1', '2', '9', '10', '11']) await uploadText(repo, version);
    await promote(repo, shop, { version: '1', to: 'production', key: ci });
    fs.writeFileSync(versionFile(repo.folder, 'latest'), '2\n');
    const gone: string[] = [];
    const isInUse = inUse('list', '# boxes\nshop/master/1\n\nblog/master/9\n');
    const onRemoved = ({ channel }: { channel: string }, { version }: { version: string }) => {
      gone.push(`${channel} ${version}`);
    };
    await gc(repo, { maxVersions: 2, isInUse, onRemoved, isDry: true });
    expect(await names(repo)).toHaveLength(5);
    await gc(repo, { maxVersions: 2, isInUse, onRemoved });
    expect(gone).toEqual(['master 9', 'master 9']);
    expect(await names(repo)).toEqual(['1', '2', '10', '11']);
    expect(await names(repo, seriesOf('shop', { channel: 'production' }))).toEqual(['1']);
  });

  it('takes away what killed uploads and builds left, when they are a day old', async () => {
    let time = Date.now();
    const repo = newRepository(trustCi, () => time);
    await uploadText(repo, '1');
    await reserveVersion(repo, shop);
    const orphan = manifestFile(repo.folder, '1').replace(/1\.\w+\.json$/, `1.${'0'.repeat(16)}.json`);
    fs.copyFileSync(manifestFile(repo.folder, '1'), orphan);
    await gc(repo, { maxVersions: 5 });
    expect(fs.existsSync(orphan)).toBe(true);
    time += dayMs + 3_600_000;
    await gc(repo, { maxVersions: 5 });
    expect(fs.existsSync(orphan)).toBe(false);
    expect(await got(repo)).toBe('bytes of 1');
    expect((await reserveVersion(repo, shop)).version).toBe('2');
  });

  it('refuses to keep nothing, and a list with a mistake', async () => {
    await expect(gc(newRepository(), { maxVersions: 0 })).rejects.toMatchObject({ code: 'invalid' });
    expect(() => inUse('boxes.txt', 'shop/master/1\nshop master 2')).toThrow(
      'boxes.txt:2: "shop master 2" is not APP/CHANNEL/VERSION',
    );
  });
});

describe('a version that a build takes', () => {
  it('is nobody else’s, also of many builds at once', async () => {
    const repo = newRepository();
    await uploadText(repo, '7');
    const taken = await Promise.all(Array.from({ length: 10 }, () => reserveVersion(repo, shop)));
    expect(new Set(taken.map((one) => one.version)).size).toBe(10);
    expect(taken.map((one) => Number(one.version)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 8),
    );
  });

  it('is, of local builds, behind the version that is there', async () => {
    const repo = newRepository();
    await uploadText(repo, '7');
    await reserveVersion(repo, shop);
    const local = [];
    for (let build = 0; build < 2; build++) {
      local.push((await reserveVersion(repo, shop, { isLocal: true })).version);
    }
    expect(local).toEqual(['7.1', '7.2']);
    expect((await reserveVersion(repo, seriesOf('blog'))).version).toBe('1');
  });

  it('can be uploaded by who took it alone, until a day has gone', async () => {
    let time = Date.now();
    const repo = newRepository(trustCi, () => time);
    const reservation = await reserveVersion(repo, shop, { builder: 'ci-4' });
    await expect(uploadText(repo, '1')).rejects.toThrow('shop/master 1 was taken by ci-4 at');
    await uploadText(repo, '1', 'mine', { reservation });
    expect(await got(repo)).toBe('mine');
    const dead = await reserveVersion(repo, shop);
    expect(dead.version).toBe('2');
    time += dayMs + 1;
    await uploadText(repo, '2', 'after all');
    expect((await reserveVersion(repo, shop)).version).toBe('3');
  });

  it('can be given back, by who took it alone', async () => {
    const repo = newRepository();
    const reservation = await reserveVersion(repo, shop);
    await releaseReservation(repo, shop, { ...reservation, token: 'other' });
    expect((await reserveVersion(repo, shop)).version).toBe('2');
    await releaseReservation(repo, shop, reservation);
    expect((await reserveVersion(repo, shop)).version).toBe('1');
  });
});

describe('the series of a repository', () => {
  it('are listed by app, channel and artifact', async () => {
    const repo = newRepository();
    const file = newFile('x');
    for (const [app, channel] of [
      ['shop', 'qa'],
      ['blog', 'master'],
      ['shop', 'master'],
    ] as const) {
      await upload(repo, seriesOf(app, { channel }), { version: '1', file, key: ci });
    }
    fs.mkdirSync(path.join(repo.folder, 'shop/.odd/x'), { recursive: true });
    const found: string[] = [];
    for await (const one of allSeries(repo)) found.push(`${one.app} ${one.channel} ${one.artifact}`);
    expect(found).toEqual(['blog master blog.tar.gz', 'shop master shop.tar.gz', 'shop qa shop.tar.gz']);
  });
});
