import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { listTree } from '../../artifact/archive/listTree.ts';
import { type PackOptions, packArchive, packArchiveFile } from '../../artifact/archive/pack.ts';
import { isRoot, newFolder, newPath, onSmallDisk, treeOf } from './support/folders.ts';

const common = { top: 'shop', mtime: 1_700_000_000, compression: 'zstd' } as const;

/** Options that pack all of a folder. */
function all(root: string, more: Partial<PackOptions> = {}): PackOptions {
  return { ...common, sources: [{ root, names: listTree(root) }], ...more };
}

/** Packs; gives what went wrong, as its code and message. */
async function failure(options: PackOptions): Promise<string> {
  const file = newPath('.tar.zst');
  const done = packArchiveFile(file, options).then(
    () => 'packed',
    (error) => `${error.code}: ${error.message}`,
  );
  const result = await done;
  const left = fs.readdirSync(path.dirname(file)).filter((name) => name.startsWith(path.basename(file)));
  expect(left).toEqual(result === 'packed' ? [path.basename(file)] : []);
  return result.replaceAll(path.dirname(file), '');
}

/** What GNU tar makes of an archive. */
function untarred(file: string, env: Record<string, string> = {}): string {
  const folder = newFolder();
  execFileSync('tar', ['-xf', file, '-C', folder], { env: { ...process.env, ...env }, stdio: 'pipe' });
  return folder;
}

describe('what GNU tar unpacks', () => {
  it('is byte for byte what was packed, with strange and long names', async () => {
    const root = newFolder();
    const names = [
      ...[
        'plain',
        'two\nlines',
        ' space ',
        '*?[]',
        '-rf',
        '\\',
        'é',
        '日本語',
        'a\u0301',
        `${'n'.repeat(255)}`,
      ],
      ...[
        `${'d'.repeat(99)}/f`,
        `${'d'.repeat(100)}/f`,
        `${'deep/'.repeat(200)}f`,
        'tab\tand\u0001',
        'PaxHeader',
      ],
    ].map((name) => Buffer.from(name));
    const raw = Buffer.from([0x66, 0xff, 0xfe, 0x2f, 0xc3, 0x28]);
    for (const name of [...names, raw]) {
      const file = Buffer.concat([Buffer.from(`${root}/`), name]);
      const parent = file.subarray(0, file.lastIndexOf(0x2f));
      fs.mkdirSync(parent, { recursive: true, mode: 0o755 });
      fs.writeFileSync(file, name, { mode: 0o644 });
    }
    fs.symlinkSync(raw, `${root}/to raw`);
    fs.symlinkSync(`${'deep/'.repeat(200)}f`, `${root}/to deep`);
    fs.mkdirSync(`${root}/empty`);
    for (const name of [root, ...listTree(root)]) {
      const file = name === root ? root : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
      fs.lutimesSync(file, common.mtime, common.mtime);
    }
    const file = newPath('.tar.zst');
    await packArchiveFile(file, all(root));
    // Readers turn names into text by the locale; bytes have to come through in each.
    for (const LC_ALL of ['C', 'C.UTF-8']) {
      expect(treeOf(`${untarred(file, { LC_ALL })}/shop`)).toEqual(treeOf(root));
    }
  });

  it('has hard links as files, executables, empty files, and large ones', async () => {
    const root = newFolder();
    const large = randomBytes(9 * 1024 * 1024);
    fs.writeFileSync(`${root}/large`, large);
    fs.linkSync(`${root}/large`, `${root}/again`);
    fs.writeFileSync(`${root}/run`, '', { mode: 0o700 });
    for (const compression of ['zstd', 'gzip'] as const) {
      const file = newPath();
      const { entries } = await packArchiveFile(file, all(root, { compression }));
      expect(entries).toBe(4);
      const folder = untarred(file);
      expect(fs.readFileSync(`${folder}/shop/large`).equals(large)).toBe(true);
      expect(fs.readFileSync(`${folder}/shop/again`).equals(large)).toBe(true);
      expect(fs.statSync(`${folder}/shop/again`).nlink).toBe(1);
      expect(fs.statSync(`${folder}/shop/run`).mode & 0o777).toBe(0o755);
    }
  });

  it('comes from several folders; the later one gives what both have', async () => {
    const [sources, outputs] = [newFolder(), newFolder()];
    fs.mkdirSync(`${sources}/static`);
    fs.writeFileSync(`${sources}/static/app.js`, 'old');
    fs.writeFileSync(`${sources}/left out`, '');
    fs.mkdirSync(`${outputs}/static/js`, { recursive: true });
    fs.writeFileSync(`${outputs}/static/app.js`, 'new');
    const file = newPath();
    await packArchiveFile(file, {
      ...common,
      sources: [
        { root: sources, names: ['static/app.js'] },
        { root: outputs, names: ['static/app.js', 'static/js/'] },
      ],
    });
    const folder = untarred(file);
    expect(fs.readdirSync(`${folder}/shop`, { recursive: true }).sort()).toEqual([
      ...['static', 'static/app.js', 'static/js'],
    ]);
    expect(fs.readFileSync(`${folder}/shop/static/app.js`, 'utf8')).toBe('new');
  });
});

describe('the stream', () => {
  it('tells size and digest once it has ended', async () => {
    const root = newFolder();
    fs.writeFileSync(`${root}/a`, randomBytes(100_000));
    const { stream, packed } = await packArchive(all(root));
    expect(packed).toThrow('has not been read');
    const bytes = await buffer(stream);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(packed()).toEqual({ sha256, size: bytes.length, entries: 2, expandedBytes: 100_000 });
  });

  it('tells how far it has come', async () => {
    const root = newFolder();
    fs.writeFileSync(`${root}/a`, Buffer.alloc(9 * 1024 * 1024));
    const told: number[] = [];
    const onProgress = (done: number, total: number) => told.push(done / total);
    await buffer((await packArchive(all(root, { onProgress }))).stream);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });
});

describe('refused, with its name', () => {
  it.each([
    ['an absolute link', '/etc/passwd', 'it leads to an absolute path (/etc/passwd)'],
    ['a link out of the folder', '../outside', 'it leads out of the archive (../outside)'],
    ['a link out and in again', '../shop/file', 'it leads out of the archive (../shop/file)'],
    [
      'a link that seems to stay inside',
      'deep/up/../../../x',
      'it leads out of the archive (deep/up/../../../x)',
    ],
    ['a link to itself', 'link', 'it leads back to itself (link)'],
    ['a link to another drive', 'C:../x', 'it leads to an absolute path (C:../x)'],
  ])('%s', async (_, target, why) => {
    const root = newFolder();
    fs.mkdirSync(`${root}/deep`);
    fs.symlinkSync('..', `${root}/deep/up`);
    fs.symlinkSync(target, `${root}/link`);
    expect(await failure(all(root))).toBe(
      `refused: the symbolic link shop/link cannot be packed: ${why}. Let it lead to something in the archive, or leave it out`,
    );
  });

  it('but not links that stay inside, also to what is not there', async () => {
    const root = newFolder();
    fs.mkdirSync(`${root}/a/b`, { recursive: true });
    fs.symlinkSync('../..', `${root}/a/b/top`);
    fs.symlinkSync('a/b/top/a/../later', `${root}/link`);
    expect(await failure(all(root))).toBe('packed');
  });

  it('sockets, FIFOs and devices', async () => {
    const root = newFolder();
    const server = net.createServer().listen(`${root}/socket`);
    execFileSync('mkfifo', [`${root}/fifo`]);
    const why = 'and an archive holds files, folders and symbolic links: leave it out';
    const of = (name: string) => failure({ ...common, sources: [{ root, names: [name] }] });
    expect(await of('socket')).toBe(`refused: socket cannot be packed: it is a socket, ${why}`);
    expect(await of('fifo')).toBe(`refused: fifo cannot be packed: it is a FIFO, ${why}`);
    const dev = await failure({ ...common, sources: [{ root: '/dev', names: ['null'] }] });
    expect(dev).toBe(`refused: null cannot be packed: it is a device, ${why}`);
    server.close();
  });

  it('names that cannot be, and what is not there', async () => {
    const root = newFolder();
    fs.writeFileSync(`${root}/file`, '');
    fs.mkdirSync(`${root}/folder`);
    fs.symlinkSync('folder', `${root}/link`);
    const of = (...names: string[]) => failure({ ...common, sources: [{ root, names }] });
    expect(await of('../x')).toBe('invalid: ../x cannot be put into an archive: its path has a .. in it');
    expect(await of('/etc/passwd')).toBe(
      'invalid: /etc/passwd cannot be put into an archive: its path is absolute',
    );
    expect(await of('a//b')).toMatch('its path is not written plainly');
    expect(await of('')).toMatch('it has no name');
    expect(await of('two\nlines')).toBe('missing: "two\\nlines" cannot be packed: it is not there');
    expect(await of('file/below')).toMatch('refused: file is no folder but a file');
    expect(await of('link/file')).toMatch('refused: link is no folder but a symbolic link');
    expect(await failure({ ...common, top: 'a/b', sources: [] })).toMatch('invalid: a/b');
    expect(await failure({ ...common, mtime: 1.5, sources: [] })).toMatch('invalid: 1.5');
  });

  it('a name that is a folder in one place and a file in another', async () => {
    const [one, other] = [newFolder(), newFolder()];
    fs.writeFileSync(`${one}/x`, '');
    fs.mkdirSync(`${other}/x`);
    const sources = [one, other].map((root) => ({ root, names: ['x'] }));
    expect(await failure({ ...common, sources })).toMatch('refused: shop/x is a folder in one place');
  });
});

describe('a file that changes while it is packed', () => {
  const changes: [string, string, (file: string) => void][] = [
    ['grows', 'it grew', (file) => fs.appendFileSync(file, 'more')],
    ['shrinks', 'it became shorter', (file) => fs.truncateSync(file, 3)],
    ['is written to', 'it was written to', (file) => fs.writeFileSync(file, 'x'.repeat(10))],
    [
      'is replaced',
      'another file took its place',
      (file) => {
        const { mtime } = fs.statSync(file);
        fs.writeFileSync(`${file}.new`, 'y'.repeat(10));
        fs.utimesSync(`${file}.new`, mtime, mtime);
        fs.renameSync(`${file}.new`, file);
      },
    ],
    ['goes away', 'it went away', (file) => fs.rmSync(file)],
    [
      'becomes a link',
      'it went away',
      (file) => {
        fs.rmSync(file);
        fs.symlinkSync('/etc/passwd', file);
      },
    ],
    [
      'becomes a FIFO',
      'it became shorter',
      (file) => {
        fs.rmSync(file);
        execFileSync('mkfifo', [file]);
      },
    ],
  ];
  it.each(changes)('%s', async (_, why, change) => {
    const root = newFolder();
    const file = `${root}/file`;
    fs.writeFileSync(file, 'y'.repeat(10));
    fs.utimesSync(file, 1_650_000_000, 1_650_000_000);
    const { stream } = await packArchive(all(root));
    change(file);
    await expect(buffer(stream)).rejects.toMatchObject({
      code: 'refused',
      message: `shop/file changed while it was packed: ${why}. Build again once nothing writes to it`,
    });
  });

  it('in the middle of it', async () => {
    const root = newFolder();
    const file = `${root}/file`;
    fs.writeFileSync(file, randomBytes(64 * 1024 * 1024));
    const { stream } = await packArchive(all(root));
    const reading = stream[Symbol.asyncIterator]();
    await reading.next();
    fs.truncateSync(file, 63 * 1024 * 1024);
    const rest = async () => {
      for (let part = await reading.next(); !part.done; ) part = await reading.next();
    };
    await expect(rest()).rejects.toThrow('shop/file changed while it was packed: it became shorter');
  });
});

describe('what ends early', () => {
  it('is told so, and leaves nothing', async () => {
    const root = newFolder();
    fs.writeFileSync(`${root}/file`, randomBytes(40 * 1024 * 1024));
    const stop = new AbortController();
    const { signal } = stop;
    expect(await failure(all(root, { signal, onProgress: () => stop.abort() }))).toMatch('cancelled: ');
    expect(await failure(all(root, { signal }))).toMatch('cancelled: ');
  });

  it('does not touch a file that is there', async () => {
    const file = newPath();
    fs.writeFileSync(file, 'mine');
    await expect(packArchiveFile(file, all(newFolder()))).rejects.toMatchObject({ code: 'exists' });
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  });

  // Mounting needs root.
  it.skipIf(!isRoot)('on a full disk says so and leaves nothing (needs root)', async () => {
    const root = newFolder();
    fs.writeFileSync(`${root}/file`, randomBytes(8 * 1024 * 1024));
    await onSmallDisk(1024 * 1024, async (folder) => {
      await expect(packArchiveFile(`${folder}/a.tar.zst`, all(root))).rejects.toMatchObject({
        code: 'unavailable',
        message: `${folder}/a.tar.zst could not be written: the disk is full: make room and try again`,
      });
      expect(fs.readdirSync(folder)).toEqual([]);
    });
  });
});
