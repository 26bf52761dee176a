import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listTree } from '../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../artifact/archive/pack.ts';
import { syncFiles } from '../../artifact/archive/syncTree.ts';
import { type UnpackOptions, unpackArchive } from '../../artifact/archive/unpack.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { isRoot, newFolder, newPath, onSmallDisk, treeOf } from './support/folders.ts';
import { entryBytes, handmadeTar, tarEnd } from './support/handmadeTar.ts';

/** Unpacks bytes that come in pieces of some size; gives the folder. */
async function unpacked(bytes: Buffer, options: UnpackOptions = {}, size = 64 * 1024): Promise<string> {
  const into = newPath();
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  await unpackArchive(Readable.from(pieces), into, options);
  return into;
}

/** What went wrong, as its code and message; nothing may be left. */
async function failure(bytes: Buffer, options: UnpackOptions = {}): Promise<string> {
  const into = path.join(newFolder(), 'into');
  const told = await unpackArchive(Readable.from([bytes]), into, options).then(
    () => 'unpacked',
    (error) => (error instanceof ArtifactError ? `${error.code}: ${error.message}` : String(error)),
  );
  expect(fs.readdirSync(path.dirname(into))).toEqual(told === 'unpacked' ? ['into'] : []);
  return told;
}

const compressions: [string, (tar: Buffer) => Buffer][] = [
  ['zstd', zlib.zstdCompressSync],
  ['gzip', zlib.gzipSync],
  ['nothing', (tar) => tar],
];

/** A tree with all that an archive can have, all of it from 2020. */
function someTree(): string {
  const root = newFolder();
  fs.mkdirSync(`${root}/shop/deploy/hooks`, { recursive: true });
  fs.mkdirSync(`${root}/shop/empty`);
  fs.writeFileSync(`${root}/shop/deploy/hooks/run`, '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(`${root}/shop/é\n${'n'.repeat(200)}`, 'strange');
  fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/shop/`), Buffer.from([0xff, 0x80])]), 'raw');
  fs.writeFileSync(`${root}/shop/large`, Buffer.alloc(3_000_000, 'large'));
  fs.writeFileSync(`${root}/shop/nothing`, '');
  fs.symlinkSync('deploy/hooks/run', `${root}/shop/link`);
  fs.symlinkSync('../../large', `${root}/shop/deploy/hooks/up`);
  for (const name of listTree(root).reverse()) {
    const file = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
    fs.lutimesSync(file, 1_600_000_000, 1_600_000_000);
  }
  return root;
}

describe('an archive', () => {
  it('can be unpacked in part, and is looked at as a whole', async () => {
    const root = someTree();
    const tar = execFileSync('tar', ['--format=pax', '-cf', '-', '-C', root, 'shop'], { maxBuffer: 2 ** 30 });
    const into = path.join(newFolder(), 'into');
    const only = (name: string) => name.startsWith('shop/deploy/');
    const size = await unpackArchive(Readable.from([tar]), into, { top: 'shop', only });
    expect(size).toMatchObject({ archiveBytes: tar.length, expandedBytes: tar.length, entries: 11 });
    expect(fs.readdirSync(into, { recursive: true }).map(String).sort()).toEqual([
      'shop',
      'shop/deploy',
      'shop/deploy/hooks',
      'shop/deploy/hooks/run',
      'shop/deploy/hooks/up',
    ]);
    const nothing = path.join(newFolder(), 'into');
    await unpackArchive(Readable.from([tar]), nothing, { top: 'shop', only: () => false });
    expect(fs.readdirSync(nothing, { recursive: true })).toEqual(['shop']);
    expect(await failure(tar.subarray(0, 5000), { only: () => false })).toMatch('it is cut short');
    expect(await failure(tar, { only, limits: { entries: 3 } })).toMatch('it has more than 3 entries');
    expect(await failure(tar, { only, top: 'blog' })).toMatch('is not in its folder blog');
    // Also what is left out must be where it belongs, and lead nowhere else.
    const beside = handmadeTar({ name: 'shop/a' }, { name: 'blog/a' });
    expect(await failure(beside, { only, top: 'shop' })).toMatch('blog/a is not in its folder shop');
    const out = handmadeTar(
      { name: 'shop/deploy/l', type: '2', target: '..' },
      { name: 'shop/static/l', type: '2', target: '../deploy/l/../b' },
    );
    expect(await failure(out, { only, top: 'shop' })).toMatch('shop/static/l: it leads out of the archive');
    expect(await failure(handmadeTar(), { only, top: 'shop' })).toMatch('there is nothing in it');
  });

  it.each(compressions)('comes out as it went in, in pieces of any size: %s', async (_, compress) => {
    const root = someTree();
    const tar = execFileSync('tar', ['--format=pax', '-cf', '-', '-C', root, 'shop'], { maxBuffer: 2 ** 30 });
    for (const size of [509, 1024 * 1024]) {
      const folder = await unpacked(compress(tar), { top: 'shop' }, size);
      expect(treeOf(folder)).toEqual(treeOf(root));
    }
  });

  it('of one byte a piece is read, too', async () => {
    const tar = handmadeTar({ name: 'shop/a', content: 'x'.repeat(700) });
    for (const [, compress] of compressions) {
      const folder = await unpacked(compress(tar), { top: 'shop' }, 1);
      expect(fs.readFileSync(`${folder}/shop/a`, 'utf8')).toBe('x'.repeat(700));
    }
  });

  it.each(['gnu', 'pax', 'ustar', 'v7'])('of GNU tar in its format %s is read', async (format) => {
    const root = newFolder();
    const long = format === 'gnu' || format === 'pax' ? `${'long/'.repeat(60)}f` : `${'long/'.repeat(15)}f`;
    fs.mkdirSync(path.dirname(`${root}/shop/${long}`), { recursive: true });
    fs.writeFileSync(`${root}/shop/${long}`, 'deep');
    fs.linkSync(`${root}/shop/${long}`, `${root}/shop/z`);
    fs.symlinkSync(long, `${root}/shop/link`);
    for (const start of [['shop'], ['./shop'], ['.']]) {
      const tar = execFileSync('tar', [`--format=${format}`, '-cf', '-', '-C', root, ...start]);
      const folder = await unpacked(tar);
      expect(treeOf(folder).map((line) => line.split(' ')[0])).toEqual(
        treeOf(root).map((line) => line.split(' ')[0]),
      );
      expect(fs.statSync(`${folder}/shop/z`).ino).toBe(fs.statSync(`${folder}/shop/${long}`).ino);
    }
  });

  it('of ours is what was packed', async () => {
    const root = someTree();
    const file = newPath();
    for (const compression of ['zstd', 'gzip'] as const) {
      fs.rmSync(file, { force: true });
      await packArchiveFile(file, {
        ...{ top: 'shop', mtime: 1_600_000_000, compression },
        sources: [{ root: `${root}/shop`, names: listTree(`${root}/shop`) }],
      });
      const folder = newPath();
      const source = fs.createReadStream(file);
      const done = await unpackArchive(source, folder, { top: 'shop', isLasting: true });
      expect(done.archiveBytes).toBe(fs.statSync(file).size);
      expect(treeOf(folder)).toEqual(treeOf(root));
    }
  });

  it('of several frames, of frames to skip, and of several gzip members is read whole', async () => {
    const tar = handmadeTar({ name: 'a', content: randomBytes(30_000) }, { name: 'b', content: 'b' });
    const parts = [tar.subarray(0, 1000), tar.subarray(1000, 20_000), tar.subarray(20_000)];
    const skipped = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')]);
    const frames = parts.flatMap((part) => [zlib.zstdCompressSync(part), skipped]);
    for (const bytes of [Buffer.concat(frames), Buffer.concat(parts.map((part) => zlib.gzipSync(part)))]) {
      for (const size of [7, 10_000]) {
        const folder = await unpacked(bytes, {}, size);
        expect(fs.readFileSync(`${folder}/a`).equals(tar.subarray(512, 30_512))).toBe(true);
        expect(fs.readFileSync(`${folder}/b`, 'utf8')).toBe('b');
      }
    }
  });

  it('of a frame that tells its size, of one that does not, and of one with a checksum is read', async () => {
    const tar = handmadeTar({ name: 'a', content: randomBytes(400_000) });
    const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants;
    for (const checksum of [0, 1]) {
      for (const pledgedSrcSize of [tar.length, undefined]) {
        const params = { [ZSTD_c_checksumFlag]: checksum, [ZSTD_c_contentSizeFlag]: pledgedSrcSize ? 1 : 0 };
        const told = pledgedSrcSize === undefined ? {} : { pledgedSrcSize };
        const folder = await unpacked(zlib.zstdCompressSync(tar, { params, ...told }));
        expect(fs.statSync(`${folder}/a`).size).toBe(400_000);
      }
    }
  });
});

describe('modes and owners', () => {
  const tar = handmadeTar(
    ...[
      { name: 'shop/', type: '5', mode: 0o2777 },
      { name: 'shop/setuid', mode: 0o6755 },
      { name: 'shop/open', mode: 0o666 },
      { name: 'shop/closed', mode: 0 },
      { name: 'shop/secret/', type: '5', mode: 0o1500 },
    ],
  );

  it('keep nothing of setuid, setgid, sticky, and what lets others write', async () => {
    for (const umask of [0o022, 0o077, 0]) {
      const before = process.umask(umask);
      const folder = await unpacked(tar).finally(() => process.umask(before));
      const modes = listTree(`${folder}/shop`).map((name) => {
        const stat = fs.statSync(`${folder}/shop/${name}`);
        expect(stat.uid).toBe(process.getuid?.());
        return `${name} ${(stat.mode & 0o7777).toString(8)}`;
      });
      expect(modes.sort()).toEqual(['closed 600', 'open 644', 'secret 700', 'setuid 755']);
      expect(fs.statSync(`${folder}/shop`).mode & 0o7777).toBe(0o755);
    }
  });
});

describe('what is damaged', () => {
  const content = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
  const tar = handmadeTar({ name: 'shop/', type: '5' }, { name: 'shop/a', content });
  const { ZSTD_c_checksumFlag } = zlib.constants;
  const forms: [string, Buffer][] = [
    ['zstd', zlib.zstdCompressSync(tar, { params: { [ZSTD_c_checksumFlag]: 1 } })],
    ['gzip', zlib.gzipSync(tar)],
  ];

  it.each(forms)('is refused wherever it is cut: %s', async (_, bytes) => {
    for (let size = 0; size < bytes.length; size++) {
      expect(await failure(bytes.subarray(0, size), { top: 'shop' }), String(size)).toMatch(/^refused: /);
    }
  });

  it('is refused wherever a plain tar is cut before its end', async () => {
    for (let size = 0; size <= tar.length - 1024; size += 100) {
      expect(await failure(tar.subarray(0, size)), String(size)).toMatch(
        'refused: the archive was refused: it is cut short',
      );
    }
  });

  it.each(forms)('is refused, or means the same, whichever bit is wrong: %s', async (_, bytes) => {
    for (let at = 0; at < bytes.length * 8; at += 3) {
      const wrong = Buffer.from(bytes);
      wrong[at >> 3] = (wrong[at >> 3] ?? 0) ^ (1 << (at & 7));
      const into = newPath();
      try {
        await unpackArchive(Readable.from([wrong]), into, { top: 'shop' });
        expect(fs.readFileSync(`${into}/shop/a`, 'utf8')).toBe(content);
      } catch (error) {
        expect(error, String(at)).toMatchObject({ code: 'refused' });
        expect(fs.existsSync(into)).toBe(false);
      }
    }
  });

  it.each([...forms, ['a plain tar', tar] as [string, Buffer]])(
    'is refused with more behind it: %s',
    async (_, bytes) => {
      const more = Buffer.concat([bytes, Buffer.from('more and more')]);
      expect(await failure(more)).toMatch(
        /^refused: the archive was refused: (something follows its end|it is damaged)/,
      );
      const into = newPath();
      const pieces = Readable.from([bytes, Buffer.from('more and more')]);
      await expect(unpackArchive(pieces, into)).rejects.toMatchObject({ code: 'refused' });
    },
  );

  it('is refused where it is no archive at all', async () => {
    const damaged =
      'refused: the archive was refused: a header is damaged (or this is no tar archive): fetch or build it again';
    expect(await failure(Buffer.from('<html>'.repeat(100)))).toBe(damaged);
    expect(await failure(Buffer.from(''))).toMatch('it is cut short');
    expect(await failure(tarEnd, { top: 'shop' })).toMatch('there is nothing in it');
  });
});

describe('limits', () => {
  const zeros = handmadeTar({ name: 'shop/zeros', content: Buffer.alloc(80 * 1024 * 1024) });

  it.each(compressions.slice(0, 2))('end a bomb by its ratio: %s', async (_, compress) => {
    expect(await failure(compress(zeros))).toBe(
      'refused: the archive was refused: it expands to more than 250 times its size',
    );
    expect(await failure(compress(zeros), { limits: { ratio: 1e6 } })).toBe('unpacked');
  });

  it('are told for size, for entries, and for the archive itself', async () => {
    const of = (limits: UnpackOptions['limits'], bytes = zeros) => failure(bytes, limits ? { limits } : {});
    expect(await of({ expandedBytes: 1e6 })).toMatch('it expands to more than 1000000 bytes');
    expect(await of({ archiveBytes: 1e6 })).toMatch('it has more than 1000000 bytes');
    const many = handmadeTar(...Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` })));
    expect(await of({ entries: 10 }, many)).toMatch('it has more than 10 entries');
    expect(await of({ entries: 11 }, many)).toBe('unpacked');
    expect(await of({ pathBytes: 10 }, handmadeTar({ name: 'elevenbytes' }))).toMatch(
      'has more than 10 bytes',
    );
  });

  it('keep a size that is only claimed from taking memory', async () => {
    const claimed = Buffer.concat([entryBytes({ name: 'a', size: 0o77777777777 }), tarEnd]);
    expect(await failure(claimed)).toMatch('it is cut short');
    const header = Buffer.concat([entryBytes({ name: 'x', type: 'x', size: 1e9 }), tarEnd]);
    expect(await failure(header)).toMatch('an extended header has more than');
  });
});

describe('what ends early', () => {
  it('leaves nothing when it is cancelled, also while nothing comes', async () => {
    for (const source of [new Readable({ read() {} }), fs.createReadStream('/dev/zero')]) {
      const stop = new AbortController();
      const into = newPath();
      const done = unpackArchive(source, into, { signal: stop.signal });
      setImmediate(() => stop.abort());
      await expect(done).rejects.toMatchObject({ code: 'cancelled' });
      expect(fs.existsSync(into)).toBe(false);
      expect(source.destroyed).toBe(true);
    }
  });

  it('gives on what the stream says', async () => {
    const error = new ArtifactError('unavailable', 'the store went away');
    const into = newPath();
    const source = Readable.from(
      (async function* () {
        yield zlib.gzipSync(tarEnd).subarray(0, 15);
        throw error;
      })(),
    );
    await expect(unpackArchive(source, into)).rejects.toBe(error);
    expect(fs.existsSync(into)).toBe(false);
  });

  it('touches no folder that is there', async () => {
    const into = newFolder();
    await expect(unpackArchive(Readable.from([tarEnd]), into)).rejects.toMatchObject({ code: 'exists' });
    expect(fs.existsSync(into)).toBe(true);
  });

  // Mounting needs root.
  it.skipIf(!isRoot)('on a full disk says so and leaves nothing (needs root)', async () => {
    const tar = handmadeTar(
      ...Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, content: randomBytes(100_000) })),
    );
    await onSmallDisk(1024 * 1024, async (folder) => {
      await expect(unpackArchive(Readable.from([tar]), `${folder}/into`)).rejects.toMatchObject({
        code: 'unavailable',
        message: `nothing was unpacked into ${folder}/into: the disk is full: make room and try again`,
      });
      expect(fs.readdirSync(folder)).toEqual([]);
    });
  });

  it('waits for the disk file by file where there is no command for it', async () => {
    const root = someTree();
    await syncFiles(root);
    const stop = AbortSignal.abort();
    await expect(syncFiles(root, stop)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
