import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../artifact/archive/limits.ts';
import { seriesOf } from '../../../artifact/repository/repository.ts';
import { upload } from '../../../artifact/repository/upload.ts';
import { treeOf } from '../../artifact/support/folders.ts';
import {
  entryBytes,
  gnuLong,
  type HandmadeEntry,
  handmadeTar,
  pax,
  tarEnd,
} from '../../artifact/support/handmadeTar.ts';
import { ci, newFile, newFolder } from '../../support/repository.ts';
import { deploy, leftovers, liveVersion, releaseNames, type TestBox, uploadApp } from '../support/box.ts';
import { type RealDoor, realDoor } from '../support/realDoor.ts';

const { signal } = new AbortController();

/** Uploads a signed archive as it is: who signs may be as wicked as anybody. */
async function uploadFile(box: TestBox, version: string, file: string): Promise<void> {
  await upload(box.repository, seriesOf('shop'), { version, file, key: ci });
}

const top: HandmadeEntry = { name: 'shop/', type: '5' };
const evil = { content: 'evil' };
const link = (name: string, target: string): HandmadeEntry => ({ name, type: '2', target });
const hard = (name: string, target: string): HandmadeEntry => ({ name, type: '1', target });

/**
 * Known attacks, each as it was told of the program that fell for it, aimed at `victim` beside the root, in the root, and beside the
 * staging folder. What is said of CVE-2024-7625 is its kind alone.
 */
const attacks: [string, HandmadeEntry[]][] = [
  ['CVE-2007-4559: a path with ..', [top, { name: 'shop/../../../../../victim', ...evil }]],
  ['CVE-2007-4559: an absolute path', [top, { name: '/tmp/victim', ...evil }]],
  ['CVE-2007-4559: an absolute path of the app', [{ name: '/shop/victim', ...evil }]],
  [
    'CVE-2024-7625: a link out of the folder, then a file through it',
    [top, link('shop/out', '../../../../..'), { name: 'shop/out/victim', ...evil }],
  ],
  [
    'CVE-2024-7625: a link of an absolute path, then a folder and a file through it',
    [top, link('shop/out', '/tmp'), { name: 'shop/out/', type: '5' }, { name: 'shop/out/victim', ...evil }],
  ],
  [
    'CVE-2025-59343: a link to a folder whose name begins as that of the release',
    [top, link('shop/near', '../shop-other'), { name: 'shop/near/victim', ...evil }],
  ],
  ['CVE-2025-59343: a link through a link', [top, link('shop/a', '.'), link('shop/b', 'a/../..')]],
  ['CVE-2026-23745: a hard link to an absolute path', [top, hard('shop/passwd', '/etc/passwd')]],
  ['CVE-2026-23745: a hard link with ..', [top, hard('shop/victim', '../../../../../victim')]],
  [
    'CVE-2026-23745: a symbolic link to an absolute path, then written to',
    [top, link('shop/victim', '/tmp/victim'), { name: 'shop/victim', ...evil }],
  ],
  [
    'CVE-2026-23950: a link and a file of one name in two spellings',
    [top, link('shop/stra\u00c3\u009fe', '../../../../../victim'), { name: 'shop/strasse', ...evil }],
  ],
  [
    'CVE-2026-26960: a hard link through two symbolic ones',
    [
      ...[top, { name: 'shop/a/b/c/', type: '5' }],
      ...[link('shop/a/b/c/up', '../..'), link('shop/a/b/escape', 'c/up/../..')],
      hard('shop/exfil', 'shop/a/b/escape/../../victim'),
    ],
  ],
  ['CVE-2026-29786: a hard link to a path of a drive', [top, hard('shop/victim', 'C:../../../victim')]],
  ['CVE-2026-31802: a symbolic link to a path of a drive', [top, link('shop/victim', 'C:../../../victim')]],
  [
    'a header that says its path twice',
    [
      top,
      pax([
        ['path', 'shop/a'],
        ['path', '../victim'],
      ]),
      { name: 'shop/a', ...evil },
    ],
  ],
  ['a header for all that follows', [pax([['path', 'shop/../victim']], 'g'), { name: 'shop/a', ...evil }]],
  ['a target that only a header tells', [top, pax([['linkpath', '../../victim']]), link('shop/a', 'b')]],
  [
    'a long target that leads out',
    [top, gnuLong('K', `${'./'.repeat(80)}../../victim`), link('shop/a', 'b')],
  ],
  [
    'a name of a thousand folders',
    [top, pax([['path', `shop/${'d/'.repeat(1500)}f`]]), { name: 'a', ...evil }],
  ],
  ['one file twice', [top, { name: 'shop/a' }, { name: 'shop/a', ...evil }]],
  ['a device', [top, { name: 'shop/null', type: '3' }]],
  ['a FIFO', [top, { name: 'shop/fifo', type: '6' }]],
  ['the release beside', [top, { name: 'other/version.txt', ...evil }]],
  ['nothing at all', []],
];

describe('an agent that is to deploy', () => {
  let box: RealDoor;
  let before: string[];
  const look = () => {
    const home = treeOf(box.home).filter((line) => !line.startsWith('root/.strata-agent'));
    // The times of folders in which a release was made and taken away again.
    return home.map((line) => line.replace(/^(\S+\/ \d+) \d+$/, '$1'));
  };

  beforeAll(async () => {
    box = await realDoor();
    await uploadApp(box, '0', {}, { app: 'configs' });
    await uploadApp(box, '0');
    expect(await deploy(box.door.agent, { version: '0' })).toMatchObject({ result: 'done' });
    for (const place of ['victim', 'root/victim', 'root/shop/victim', 'root/shop/versions/victim']) {
      fs.writeFileSync(path.join(box.home, place), 'mine');
    }
    before = look();
  });

  it.each(attacks.map(([name, entries], at) => [name, `1.${at}`, entries] as const))(
    '%s',
    async (_, version, entries) => {
      await uploadFile(box, version, newFile(zlib.gzipSync(handmadeTar(...entries))));
      const { agent } = box.door;
      const plan = await agent.plan({ app: 'shop', version }, signal);
      expect(plan.obstacles.join()).toContain('the archive was refused: ');
      const { result, reason } = await deploy(agent, { version });
      expect(result).toBe('failed');
      expect(reason).toContain('the archive was refused: ');
      expect({ live: liveVersion(box), left: leftovers(box) }).toEqual({ live: '0', left: [] });
      expect(look()).toEqual(before);
    },
  );

  it('keeps names apart that only some disks take for one, and drops setuid', async () => {
    const names = ['a', 'A', '\u00c3\u00a9', 'e\u00cc\u0081', '\u00c3\u009f', 'ss', 'con', 'a:b', 'a\\..\\b'];
    const files = names.map((name) => ({ name: `shop/${name}`, content: name, mode: 0o6777 }));
    const tar = handmadeTar(top, { name: 'shop/version.txt', content: '2' }, ...files);
    await uploadFile(box, '2', newFile(zlib.gzipSync(tar)));
    expect(await deploy(box.door.agent, { version: '2' })).toMatchObject({ result: 'done' });
    for (const name of names) {
      const file = Buffer.from(`${box.root}/shop/live/${name}`, 'latin1');
      expect(fs.readFileSync(file, 'latin1')).toBe(name);
      expect(fs.statSync(file).mode & 0o7022).toBe(0);
    }
  });

  it.each([
    ['gzip', zlib.createGzip({ level: 9 })],
    ['gzip within gzip', zlib.createGzip({ level: 9 })],
  ])('a bomb of %s: no more than a part of it reaches the disk', async (kind, pack) => {
    const bytes = 300_000_000;
    const zeros = Buffer.alloc(1_000_000);
    const file = path.join(newFolder(), 'bomb');
    await pipeline(
      async function* () {
        yield Buffer.concat([
          entryBytes(top),
          entryBytes({ name: 'shop/zeros', size: bytes }).subarray(0, 512),
        ]);
        for (let at = 0; at < bytes; at += zeros.length) yield zeros;
        yield Buffer.concat([Buffer.alloc((512 - (bytes % 512)) % 512), tarEnd]);
      },
      pack,
      fs.createWriteStream(file),
    );
    const isTwice = kind.includes('within');
    const version = isTwice ? '3.2' : '3.1';
    await uploadFile(box, version, isTwice ? newFile(zlib.gzipSync(fs.readFileSync(file))) : file);
    const { result, reason } = await deploy(box.door.agent, { version });
    expect({ result, reason }).toEqual({
      result: 'failed',
      reason: expect.stringMatching(
        isTwice
          ? /the archive was refused: /
          : /the archive was refused: it expands to more than 250 times its size/,
      ),
    });
    expect(leftovers(box)).toEqual([]);
  });

  // A million, which are too many, take minutes: npm run torture.
  const count = Number(process.env.STRATA_ENTRIES ?? 10_000);
  it(`${count} files`, async () => {
    const file = path.join(newFolder(), 'many');
    await pipeline(
      async function* () {
        yield entryBytes(top);
        yield entryBytes({ name: 'shop/version.txt', content: '4' });
        for (let at = 0; at < count; at += 1000) {
          const folder = `shop/${at / 1000}`;
          const files = Array.from({ length: 1000 }, (_, one) =>
            entryBytes({ name: `${folder}/${one}-${at * one}` }),
          );
          yield Buffer.concat([entryBytes({ name: `${folder}/`, type: '5' }), ...files]);
        }
        yield tarEnd;
      },
      zlib.createGzip({ level: 1 }),
      fs.createWriteStream(file),
    );
    await uploadFile(box, '4', file);
    const { result, reason } = await deploy(box.door.agent, { version: '4' });
    if (count <= defaultLimits.entries)
      expect({ result, live: liveVersion(box) }).toEqual({ result: 'done', live: '4' });
    else
      expect({ result, reason }).toEqual({
        result: 'failed',
        reason: expect.stringContaining('the archive was refused: '),
      });
    expect(leftovers(box)).toEqual([]);
    expect(releaseNames(box)).not.toContain('3.1');
  }, 1_800_000);
});
