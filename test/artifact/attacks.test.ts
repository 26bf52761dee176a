import fs from 'node:fs';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listTree } from '../../artifact/archive/listTree.ts';
import { type UnpackOptions, unpackArchive } from '../../artifact/archive/unpack.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { newFolder } from './support/folders.ts';
import { entryBytes, gnuLong, type HandmadeEntry, handmadeTar, pax, tarEnd } from './support/handmadeTar.ts';

const secret = 'mine';

/**
 * Unpacks beside a file that an archive would like to reach: `../victim` from the folder, `../../victim` from the app's in it. Gives
 * what went wrong, or what is in the folder then. Nothing else may have changed.
 */
async function attack(tar: Buffer, options: UnpackOptions = {}): Promise<string> {
  const home = newFolder();
  fs.mkdirSync(`${home}/box/releases`, { recursive: true });
  for (const place of ['victim', 'box/victim', 'box/releases/victim']) {
    fs.writeFileSync(`${home}/${place}`, secret);
  }
  const into = `${home}/box/releases/new`;
  const told = await unpackArchive(Readable.from([tar]), into, options).then(
    () => `unpacked ${listTree(into).map(String).sort().join(' ')}`,
    (error) => (error instanceof ArtifactError ? `${error.code}: ${error.message}` : String(error)),
  );
  if (told.startsWith('unpacked')) checkInside(into);
  else expect(fs.existsSync(into)).toBe(false);
  fs.rmSync(into, { recursive: true, force: true });
  const left = fs.readdirSync(home, { recursive: true }).sort();
  expect(left).toEqual(['box', 'box/releases', 'box/releases/victim', 'box/victim', 'victim']);
  for (const place of ['victim', 'box/victim', 'box/releases/victim']) {
    expect(fs.readFileSync(`${home}/${place}`, 'utf8')).toBe(secret);
    expect(fs.statSync(`${home}/${place}`).nlink).toBe(1);
  }
  return told.replace('refused: the archive was refused: ', '');
}

/** No link leads out, nothing is special. */
function checkInside(into: string): void {
  // Node's own recursive listing goes through links, and round and round.
  for (const name of listTree(into)) {
    const file = Buffer.concat([Buffer.from(`${into}/`), Buffer.from(name)]);
    const stat = fs.lstatSync(file);
    expect(stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()).toBe(true);
    expect(stat.mode & 0o7000).toBe(0);
    if (stat.isSymbolicLink() && fs.existsSync(file)) {
      // What is not native takes bytes for text.
      expect(`${fs.realpathSync.native(file)}/`.startsWith(`${fs.realpathSync(into)}/`)).toBe(true);
    }
  }
}

const hello = { content: 'hello' };

describe('names that lead out (CVE-2007-4559)', () => {
  it.each<[string, string, HandmadeEntry[]]>([
    ['with ..', '../victim: its path has a .. in it', [{ name: '../victim', ...hello }]],
    [
      'with .. in the middle',
      'a/../../victim: its path has a .. in it',
      [{ name: 'a/../../victim', ...hello }],
    ],
    ['absolute', '/tmp/victim: its path is absolute', [{ name: '/tmp/victim', ...hello }]],
    ['absolute with more', '//tmp/victim: its path is absolute', [{ name: '//tmp/victim', ...hello }]],
    ['a folder', '../x: its path has a .. in it', [{ name: '../x', type: '5' }]],
    ['just ..', '..: its path has a .. in it', [{ name: '..', type: '5' }]],
    [
      'by their first part',
      '../victim: its path has a .. in it',
      [{ name: 'victim', prefix: '..', ...hello }],
    ],
    [
      'in an extended header',
      '../victim: its path has a .. in it',
      [pax([['path', '../victim']]), { name: 'a' }],
    ],
    ['in a long name', '../victim: its path has a .. in it', [gnuLong('L', '../victim'), { name: 'a' }]],
    ['of links', '../x: its path has a .. in it', [{ name: '../x', type: '2', target: 'a' }]],
    [
      'of hard links',
      '../x: its path has a .. in it',
      [{ name: 'a' }, { name: '../x', type: '1', target: 'a' }],
    ],
    ['with a NUL', '"a\\u0000/../x": it has a NUL in its name', [pax([['path', 'a\0/../x']]), { name: 'a' }]],
    ['without a name', ': it has no name', [{ name: '', ...hello }]],
    ['for a file', './: it has no name', [{ name: './', ...hello }]],
    [
      'for all files',
      'a global header names all entries alike',
      [pax([['path', '../victim']], 'g'), { name: 'a' }],
    ],
  ])('%s', async (_, told, entries) => {
    expect(await attack(handmadeTar(...entries))).toBe(told);
  });

  it('of another folder than the one that is due', async () => {
    const tar = (name: string, type = '0') => handmadeTar({ name, type });
    expect(await attack(tar('other/a'), { top: 'shop' })).toBe('other/a is not in its folder shop');
    expect(await attack(tar('shopper'), { top: 'shop' })).toBe('shopper is not in its folder shop');
    expect(await attack(tar('shop'), { top: 'shop' })).toBe('shop is not in its folder shop');
    expect(await attack(tar('./shop/a'), { top: 'shop' })).toBe('unpacked shop shop/a');
  });
});

describe('writing through a link (CVE-2021-32803, CVE-2025-59343)', () => {
  it.each<[string, string, HandmadeEntry[]]>([
    [
      'that leads out',
      'd is a link, and something is to be put behind it',
      [
        { name: 'd', type: '2', target: '..' },
        { name: 'd/victim', ...hello },
      ],
    ],
    [
      'that stays inside',
      'd is a link, and something is to be put behind it',
      [
        { name: 'e/', type: '5' },
        { name: 'd', type: '2', target: 'e' },
        { name: 'd/f', ...hello },
      ],
    ],
    [
      'that takes a folder’s place',
      'd is in it twice, or under two names that are one to this disk (capital and small letters)',
      [
        { name: 'd/', type: '5' },
        { name: 'd', type: '2', target: '../..' },
        { name: 'd/victim', ...hello },
      ],
    ],
    [
      'under another way to write its name',
      './d//victim: its path has a .. in it',
      [
        { name: 'd', type: '2', target: '.' },
        { name: './d//victim/..', ...hello },
      ],
    ],
    [
      'as the link itself',
      'victim is in it twice, or under two names that are one to this disk (capital and small letters)',
      [
        { name: 'victim', type: '2', target: '../victim' },
        { name: 'victim', ...hello },
      ],
    ],
    [
      'by a hard link',
      'h is a hard link to what is no file of the archive (d/victim)',
      [
        { name: 'd', type: '2', target: '..' },
        { name: 'h', type: '1', target: 'd/victim' },
      ],
    ],
  ])('%s', async (_, told, entries) => {
    const result = await attack(handmadeTar(...entries));
    expect(result.replace('./d//victim/..', './d//victim')).toBe(told);
  });
});

describe('links that lead out (CVE-2026-23745, CVE-2026-31802)', () => {
  it.each([
    ['absolute', '/etc/passwd', 'it leads to an absolute path (/etc/passwd)'],
    ['by ..', '../victim', 'it leads out of the archive (../victim)'],
    ['by .. further on', 'a/../../victim', 'it leads out of the archive (a/../../victim)'],
    ['through another link', 'deep/up/../../victim', 'it leads out of the archive (deep/up/../../victim)'],
    ['to another drive', 'C:../../victim', 'it leads to an absolute path (C:../../victim)'],
    ['in a circle', 'link', 'it leads back to itself (link)'],
    ['nowhere', '', 'it leads nowhere ()'],
  ])('%s', async (_, target, told) => {
    const entries = [
      { name: 'deep/up', type: '2', target: '..' },
      { name: 'link', type: '2', target },
    ];
    expect(await attack(handmadeTar(...entries))).toBe(`the symbolic link link: ${told}`);
  });

  it('by a long target', async () => {
    const target = `${'./'.repeat(100)}../victim`;
    for (const long of [gnuLong('K', target), pax([['linkpath', target]])]) {
      const told = await attack(handmadeTar(long, { name: 'link', type: '2', target: 'a' }));
      expect(told).toMatch('the symbolic link link: it leads out of the archive');
    }
  });

  it('of the due folder, into what lies beside it', async () => {
    const tar = handmadeTar({ name: 'shop/link', type: '2', target: '../other' });
    expect(await attack(tar, { top: 'shop' })).toMatch('it leads out of the archive (../other)');
    expect(await attack(tar)).toBe('unpacked shop shop/link');
  });

  it('in their thousands, each through all others, cost no more than a moment', async () => {
    const links = Array.from({ length: 3000 }, (_, index) => {
      const target = `${'x/../'.repeat(15)}l${index + 1}`;
      return { name: `l${index}`, type: '2', target };
    });
    expect(await attack(handmadeTar({ name: 'x/', type: '5' }, ...links))).toMatch('it leads back to itself');
  });
});

describe('hard links that lead out (CVE-2026-26960, CVE-2026-29786)', () => {
  it.each([
    ['absolute', '/etc/passwd'],
    ['by ..', '../victim'],
    ['by .. further on', 'a/../../victim'],
    ['to another drive', 'C:../victim'],
    ['to a folder', 'folder'],
    ['to what comes later', 'later'],
    ['to a link', 'link'],
    ['through a link', 'link/victim'],
    ['to itself', 'hard'],
    ['to nothing', ''],
  ])('%s', async (_, target) => {
    const entries = [
      ...[
        { name: 'folder/', type: '5' },
        { name: 'link', type: '2', target: 'folder' },
      ],
      ...[
        { name: 'hard', type: '1', target },
        { name: 'later', ...hello },
      ],
    ];
    const told = `hard is a hard link to what is no file of the archive (${target})`;
    expect(await attack(handmadeTar(...entries))).toBe(told);
  });

  it('but not those inside', async () => {
    const entries = [
      { name: './a', ...hello },
      { name: 'b', type: '1', target: './a' },
    ];
    expect(await attack(handmadeTar(...entries))).toBe('unpacked a b');
  });

  it('and then are written to', async () => {
    const entries = [{ name: 'a' }, { name: 'b', type: '1', target: 'a' }, { name: 'b', ...hello }];
    expect(await attack(handmadeTar(...entries))).toMatch('b is in it twice');
  });
});

describe('one name twice (CVE-2024-7625, CVE-2026-23950)', () => {
  const twice = 'is in it twice, or under two names that are one to this disk (capital and small letters)';
  it.each<[string, HandmadeEntry[]]>([
    ['two files', [{ name: 'a' }, { name: 'a', ...hello }]],
    ['written otherwise', [{ name: 'a' }, { name: './/a', ...hello }]],
    ['a file and a folder', [{ name: 'a' }, { name: 'a/', type: '5' }]],
    ['a folder and a file', [{ name: 'a/', type: '5' }, { name: 'a' }]],
    [
      'two folders',
      [
        { name: 'a/', type: '5' },
        { name: 'a', type: '5' },
      ],
    ],
    ['a file and a link', [{ name: 'a' }, { name: 'a', type: '2', target: 'b' }]],
    [
      'two links',
      [
        { name: 'a', type: '2', target: 'b' },
        { name: 'a', type: '2', target: 'c' },
      ],
    ],
    [
      'a link and a folder',
      [
        { name: 'a', type: '2', target: 'b' },
        { name: 'a/', type: '5' },
      ],
    ],
    ['a file and something in it', [{ name: 'a' }, { name: 'a/b' }]],
  ])('%s', async (_, entries) => {
    const told = await attack(handmadeTar(...entries));
    expect([`a ${twice}`, 'a/b is in what is no folder']).toContain(told);
  });

  it.each<[string, string, HandmadeEntry[]]>([
    [
      'told twice in one header',
      'an extended header says "path" twice',
      [
        pax([
          ['path', 'a'],
          ['path', '../victim'],
        ]),
        { name: 'a' },
      ],
    ],
    [
      'told by two headers',
      'two extended headers of one kind stand before one entry',
      [pax([['path', 'a']]), pax([['path', 'b']]), { name: 'a' }],
    ],
    [
      'told in two ways',
      'two extended headers name one entry',
      [pax([['path', 'a']]), gnuLong('L', 'b'), { name: 'a' }],
    ],
    [
      'a size that is told twice otherwise',
      'an extended header says "size" twice',
      [
        pax([
          ['size', '0'],
          ['size', '512'],
        ]),
        { name: 'a', content: 'x'.repeat(512) },
      ],
    ],
  ])('%s', async (_, told, entries) => {
    expect(await attack(handmadeTar(...entries))).toBe(told);
  });
});

describe('what is no file, folder or link', () => {
  it.each([
    ['3', 'a device'],
    ['4', 'a device'],
    ['6', 'a FIFO'],
    ['S', 'a file with holes (sparse)'],
    ['V', 'of an unknown kind ("V")'],
    ['D', 'of an unknown kind ("D")'],
  ])('%s', async (type, told) => {
    expect(await attack(handmadeTar({ name: 'a', type }))).toBe(`a is ${told}`);
  });

  it('sizes that cannot be, numbers that are none, headers that are broken', async () => {
    const of = (...entries: HandmadeEntry[]) => attack(handmadeTar(...entries));
    expect(await of({ name: 'a', type: '2', target: 'b', ...hello })).toBe(
      'a has a size that it cannot have',
    );
    expect(await of({ name: 'a', type: '5', ...hello })).toBe('a has a size that it cannot have');
    expect(await of(pax([['size', '-1']]), { name: 'a' })).toBe('an extended header has a size that is none');
    expect(await of(pax([['size', '1e3']]), { name: 'a' })).toBe(
      'an extended header has a size that is none',
    );
    const negative = entryBytes(pax([['path', 'b']]));
    negative.fill(0xff, 124, 136);
    mendSum(negative.subarray(0, 512));
    expect(await attack(Buffer.concat([negative, tarEnd]))).toBe(
      'an extended header has a size that is none',
    );
    expect(await of(pax([['GNU.sparse.major', '1']]), { name: 'a' })).toMatch('it has a file with holes');
    for (const content of ['5 a=b\n', '999 a=b\n', 'x', '6 a=bc', '6 abcd\n', '0 a=b\n']) {
      expect(await of({ name: 'x', type: 'x', content }, { name: 'a' })).toBe(
        'an extended header is damaged',
      );
    }
    const ends = Buffer.concat([entryBytes(pax([['path', 'a']])), tarEnd]);
    expect(await attack(ends)).toBe('it ends where an entry should follow');
    const second = Buffer.concat([handmadeTar({ name: 'a' }), handmadeTar({ name: '../victim' })]);
    expect(await attack(second)).toBe('something follows its end');
  });
});

describe('long names', () => {
  it.each<[string, RegExp, HandmadeEntry[]]>([
    [
      'of one part',
      /a part of its path has more than 255 bytes$/,
      [gnuLong('L', 'n'.repeat(256)), { name: 'a' }],
    ],
    ['of many parts', /has more than 2048 bytes$/, [pax([['path', 'n/'.repeat(1025)]]), { name: 'a' }]],
    [
      'of megabytes',
      /^an extended header has more than \d+ bytes$/,
      [gnuLong('L', 'n'.repeat(2 ** 20)), { name: 'a' }],
    ],
  ])('%s', async (_, told, entries) => {
    expect(await attack(handmadeTar(...entries))).toMatch(told);
  });
});

const part = fc.constantFrom('a', 'b', 'up', '..', '.', 'victim', 'A');
const anyPath = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const anyEntry = fc.record({
  name: fc.oneof(
    anyPath,
    anyPath.map((one) => `/${one}`),
  ),
  type: fc.constantFrom('0', '0', '5', '5', '2', '2', '2', '1'),
  target: fc.oneof(
    anyPath,
    anyPath.map((one) => `/${one}`),
  ),
});

describe('any archive', () => {
  it('stays in its folder, whatever its names and links', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { minLength: 2, maxLength: 7 }), async (entries) => {
        expect(await attack(handmadeTar(...entries))).toMatch(/^unpacked|^[^:]+|:/);
      }),
      { numRuns: 400 },
    );
  });

  it('stays in its folder where only links that may be are in it', async () => {
    const inner = fc.array(fc.constantFrom('a', 'b', 'c', '..'), { minLength: 1, maxLength: 6 });
    const link = fc.record({
      name: fc.constantFrom('a/l', 'b/l', 'l', 'a/b/l', 'm'),
      target: inner.map((one) => one.join('/')),
    });
    let unpacked = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(link, { selector: ({ name }) => name, minLength: 1 }),
        async (links) => {
          const folders = ['a/', 'a/b/', 'b/', 'a/b/c/'].map((name) => ({ name, type: '5' }));
          const all = [...folders, ...links.map((one) => ({ ...one, type: '2' }))];
          if ((await attack(handmadeTar(...all))).startsWith('unpacked')) unpacked++;
        },
      ),
      { numRuns: 400 },
    );
    expect(unpacked).toBeGreaterThan(20);
  });

  it('is refused or stays in its folder with any bytes changed', async () => {
    const sound = handmadeTar(
      ...[{ name: 'd/', type: '5' }, pax([['path', 'd/long']]), { name: 'x', ...hello }],
      ...[
        { name: 'd/l', type: '2', target: 'long' },
        { name: 'h', type: '1', target: 'd/long' },
      ],
    );
    const change = fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        for (let at = 0; at < bytes.length - 1024; at += 512) mendSum(bytes.subarray(at, at + 512));
        await attack(bytes);
      }),
      { numRuns: 400 },
    );
  });
});

/** Makes the sum of what may be a header right, so that what it says is looked at. */
function mendSum(block: Buffer): void {
  if (block.toString('latin1', 257, 262) !== 'ustar') return;
  block.write(' '.repeat(8), 148);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0`,
    148,
  );
}
