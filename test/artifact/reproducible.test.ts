import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { isRoot, newFolder, newPath } from './support/folders.ts';

/** The same process for all: one file, which other users may read, and older Nodes can run. */
const script = newPath('.cjs');
buildSync({
  ...{
    entryPoints: [path.join(import.meta.dirname, 'support/packInChild.ts')],
    outfile: script,
    bundle: true,
  },
  ...{ platform: 'node', format: 'cjs', target: 'node20' },
});
fs.chmodSync(script, 0o755);

const files: [name: string, content: string, mode: number][] = [
  ['deploy/hooks/run.sh', '#!/bin/sh\n', 0o755],
  ['a/b.txt', 'b', 0o644],
  ['a.txt', 'a', 0o600],
  ['a-b.txt', 'c', 0o664],
  ['Ärger/straße.txt', 'ß', 0o640],
  ['Zoo.txt', '', 0o400],
  [`${'long/'.repeat(60)}name.txt`, 'long', 0o755],
  ['big.bin', 'x'.repeat(9 * 1024 * 1024), 0o644],
];

/** The same tree again, made in another order, by another umask, at another time. */
function tree(umask: number, isReversed: boolean, time: number): string {
  const before = process.umask(umask);
  try {
    const root = newFolder();
    for (const [name, content, mode] of isReversed ? files.toReversed() : files) {
      const file = path.join(root, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content);
      // Who packs may belong to others than who made it.
      fs.chmodSync(file, mode | 0o044);
      fs.utimesSync(file, time, time);
    }
    fs.mkdirSync(path.join(root, 'empty'));
    fs.symlinkSync('a/b.txt', path.join(root, 'link'));
    execFileSync('chmod', ['-R', 'a+rX', root]);
    return root;
  } finally {
    process.umask(before);
  }
}

interface Run {
  node?: string;
  compression?: string;
  order?: string;
  env?: Record<string, string>;
  user?: number;
  umask?: string;
}

function pack(root: string, run: Run = {}): { file: string; sha256: string; size: number } {
  const { node = process.execPath, compression = 'zstd', order = 'plain', env, user, umask = '022' } = run;
  const folder = newFolder();
  fs.chmodSync(folder, 0o777);
  const file = path.join(folder, 'shop.tar');
  const command = 'umask "$1"; shift; exec "$@"';
  const args = ['-c', command, 'sh', umask, node, script, root, file, '1700000000', compression, order];
  const as = user === undefined ? {} : { uid: user, gid: user };
  const { status, stdout, stderr } = spawnSync('sh', args, {
    ...{ cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, ...env }, ...as },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { file, ...JSON.parse(stdout) };
}

/** A process that loads this lives a year later. */
const clock = newPath('.cjs');
fs.writeFileSync(clock, 'const now = Date.now; Date.now = () => now() + 365 * 24 * 3600 * 1000;');
fs.chmodSync(clock, 0o644);

const others = {
  order: 'reversed',
  umask: '077',
  env: { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR', TZ: 'Asia/Tokyo', NODE_OPTIONS: `--require ${clock}` },
};

describe('an archive of the same files', () => {
  it.each(['zstd', 'gzip'])(
    'is the same in another folder, order, locale, time zone, umask and year: %s',
    (compression) => {
      const first = pack(tree(0o022, false, 1_600_000_000), { compression });
      const second = pack(tree(0o002, true, 1_234_567_890), { ...others, compression });
      expect(second.sha256).toBe(first.sha256);
      const bytes = fs.readFileSync(second.file);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
      expect(bytes.length).toBe(first.size);
    },
  );

  // Another user's files can be made, and another user's process started, by root alone; a clone in a home that is closed to others
  // has no Node for them.
  const isOpen =
    isRoot && spawnSync(process.execPath, ['-e', '0'], { uid: 65534, gid: 65534, cwd: '/' }).status === 0;
  it.skipIf(!isOpen)(
    'is the same when another user packs it (needs root, and a Node that others may run)',
    () => {
      const root = tree(0o022, false, 1_600_000_000);
      const first = pack(root);
      const foreign = tree(0o022, true, 1_500_000_000);
      execFileSync('chown', ['-R', '65534:65534', foreign]);
      expect(pack(foreign, { ...others, user: 65534 }).sha256).toBe(first.sha256);
    },
  );

  it('begins with a gzip header that tells neither time, name nor system', () => {
    const { file } = pack(tree(0o022, false, 1_600_000_000), { compression: 'gzip' });
    expect([...fs.readFileSync(file).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('has the order of the bytes of its names, root as owner, one time, and two modes', () => {
    const { file } = pack(tree(0o022, false, 1_600_000_000), { compression: 'gzip' });
    const listed = execFileSync('tar', ['--utc', '--numeric-owner', '--full-time', '-tvf', file], {
      encoding: 'utf8',
    });
    const lines = listed.trimEnd().split('\n');
    const names = lines.map((line) => line.replace(/^.*22:13:20 /, '').replace(/\/?( -> .*)?$/, ''));
    expect(names).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    const heads = new Set(lines.map((line) => line.replace(/^(\S+ \S+) .*(2023-\S+ \S+) .*$/, '$1 $2')));
    expect([...heads].sort()).toEqual([
      '-rw-r--r-- 0/0 2023-11-14 22:13:20',
      '-rwxr-xr-x 0/0 2023-11-14 22:13:20',
      'drwxr-xr-x 0/0 2023-11-14 22:13:20',
      'lrwxrwxrwx 0/0 2023-11-14 22:13:20',
    ]);
    expect(execFileSync('tar', ['-tvf', file], { encoding: 'utf8' })).toContain(' root/root ');
  });
});

const old = ['/usr/bin/node', '/usr/local/bin/node'].find((node) =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.'),
);

// Needs a Node without zstd of its own, 20, as `node` in a folder of the system.
describe.skipIf(old === undefined)('on Node 20', () => {
  const run = { node: old ?? '' };

  it('zstd is left to the command, which gives the same bytes each time', () => {
    const first = pack(tree(0o022, false, 1_600_000_000), run);
    const second = pack(tree(0o022, true, 1_500_000_000), { ...others, ...run });
    expect(second.sha256).toBe(first.sha256);
    execFileSync('tar', ['-tf', first.file]);
  });

  it('says what to do where there is no such command, and leaves nothing', () => {
    const root = tree(0o022, false, 1_600_000_000);
    const folder = newFolder();
    const args = [script, root, path.join(folder, 'shop.tar'), '1700000000', 'zstd'];
    const { status, stderr } = spawnSync(run.node, args, { encoding: 'utf8', env: { PATH: folder } });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Node 20\S+ cannot read or write zstd: run strata with Node 22.15 or newer, or install the command `zstd`, or ask for `compression: gzip`$/,
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
