import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { borrowFiles, giveBack } from '../../../artifact/build/borrowedFiles.ts';
import { readRequirements } from '../../../artifact/build/caches/requirements.ts';
import { channelOf } from '../../../artifact/build/channel.ts';
import { ciFacts } from '../../../artifact/build/ciFacts.ts';
import { durationText } from '../../../artifact/build/duration.ts';
import { readJunit } from '../../../artifact/build/junit.ts';
import { eachLine } from '../../../artifact/build/lines.ts';
import { stepLog } from '../../../artifact/build/stepLog.ts';
import { undoStack } from '../../../artifact/build/undo.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  await eachLine(
    stream,
    () => {},
    (more) => void lines.push(...more),
  );
  return lines;
}

describe('lines of output', () => {
  it('are the same however their bytes come', async () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '😀', '\n', 'bc'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(30), { maxLength: 10 }), async (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const ends = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])];
        const places = ends.sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        const expected = bytes.toString().split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await linesOf(chunks)).toEqual(expected);
      }),
    );
  });

  it('show what a terminal would show', async () => {
    expect(await linesOf([Buffer.from('a\r\n10%\r20%\r\nend\r')])).toEqual(['a', '20%', 'end']);
  });

  it('come in pieces where they are long, and none gets lost', async () => {
    const lines = await linesOf([Buffer.alloc(20_000, 'x'), Buffer.alloc(20_000, 'y'), Buffer.from('\nz')]);
    expect(Math.max(...lines.map((line) => line.length))).toBe(8192);
    expect(lines.join('')).toBe(`${'x'.repeat(20_000)}${'y'.repeat(20_000)}z`);
  });
});

describe('the log of a step', () => {
  it('keeps the start and the end of what is too long, and says how much is missing', () => {
    const file = path.join(writeFiles(''), 'step.log');
    const log = stepLog(file);
    const piece = 100_000;
    for (let at = 0; at < 200; at++) log.write(Buffer.from(`${at}`.padEnd(piece, '.')));
    const left = log.close();
    const text = fs.readFileSync(file, 'latin1');
    expect(text.startsWith('0...')).toBe(true);
    expect(text.endsWith('199'.padEnd(piece, '.'))).toBe(true);
    expect(text).toContain(`\n[strata: ${left} bytes are left out here]\n`);
    expect(text.length - `\n[strata: ${left} bytes are left out here]\n`.length + left).toBe(200 * piece);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it.runIf(fs.existsSync('/dev/full'))('is lost with a full disk, and nothing else is', () => {
    const log = stepLog('/dev/full');
    log.write(Buffer.from('text'));
    expect(log.close()).toBe(0);
  });
});

describe('a JUnit report', () => {
  it.each([
    ['no XML', 'x'],
    ['cut short', '<testsuite><testcase name="a">'],
    ['something else', '<html><testcase/></html>'],
    ['empty', ''],
  ])('that is %s is none', (_, xml) => {
    expect(readJunit(xml)).toBeUndefined();
  });

  it('may be without tests', () => {
    expect(readJunit('<testsuites/>')).toMatchObject({ tests: 0, failing: [] });
  });

  it('names tests by class and name, on one line', () => {
    const report = `<?xml version="1.0"?><testsuite>
      <testcase classname="a.B" name="x &amp; &#121;&#x7a;&#10;!"><failure message="m">t</failure></testcase>
      <testcase classname="test" name="of node"><error/></testcase>
      <testcase><failure/><error/></testcase>
      <testcase name="fine"><system-out>&lt;failure/&gt;</system-out></testcase></testsuite>`;
    expect(readJunit(report)).toEqual({
      ...{ tests: 4, failures: 2, errors: 1, skipped: 0 },
      failing: ['a.B x & yz !', 'of node', '(a test without a name)'],
    });
  });

  it('that is nested deeply or defines entities does no harm', () => {
    const deep = 20_000;
    const nested = `${'<testsuite>'.repeat(deep)}<testcase/>${'</testsuite>'.repeat(deep)}`;
    expect(readJunit(nested)?.tests ?? 1).toBe(1);
    const entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    const bomb = `${entities}<testsuite><testcase name="&b;"><failure/></testcase></testsuite>`;
    expect(readJunit(bomb)?.failing ?? ['&b;']).toEqual(['&b;']);
    const outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
    const leak = `${outside}<testsuite><testcase name="&a;"><failure/></testcase></testsuite>`;
    expect(readJunit(leak)?.failing ?? ['&a;']).toEqual(['&a;']);
  });
});

describe('build servers', () => {
  it.each([
    [
      'Jenkins',
      { GIT_COMMIT: 'c', GIT_BRANCH: 'origin/a/b', BUILD_NUMBER: '7', BUILD_URL: 'https://ci/7' },
      { commit: 'c', branch: 'a/b', buildNumber: '7', url: 'https://ci/7' },
    ],
    [
      'Jenkins, a pull request',
      { BRANCH_NAME: 'PR-3', CHANGE_BRANCH: 'topic', GIT_BRANCH: 'PR-3' },
      { branch: 'topic' },
    ],
    [
      'GitHub',
      {
        ...{ GITHUB_SHA: 'c', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main', GITHUB_RUN_NUMBER: '4' },
        ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '9' },
      },
      { commit: 'c', branch: 'main', buildNumber: '4', url: 'https://github.com/a/b/actions/runs/9' },
    ],
    [
      'GitHub, a pull request',
      { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: '3/merge', GITHUB_HEAD_REF: 'topic' },
      { branch: 'topic' },
    ],
    ['GitHub, a tag', { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' }, { tag: 'v1' }],
    [
      'GitLab',
      { CI_COMMIT_SHA: 'c', CI_COMMIT_BRANCH: 'main', CI_COMMIT_TITLE: 'A title', CI_PIPELINE_IID: '5' },
      { commit: 'c', branch: 'main', message: 'A title', buildNumber: '5' },
    ],
    ['nobody', { GIT_COMMIT: '' }, {}],
  ])('%s', (_, env, facts) => {
    expect(ciFacts(env)).toEqual(facts);
  });
});

describe('the channel', () => {
  it.each([
    ['main', 'master'],
    ['master', 'master'],
    ['feature/new-basket', 'feature-new-basket'],
    ['-x', 'x'],
    ['ü/y', 'y'],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('of the branch %s is %s', (branch, channel) => {
    expect(channelOf({ branch }, undefined, true)).toBe(channel);
  });

  it('is the one that is asked for', () => {
    expect(channelOf({ branch: 'main' }, 'mine', true)).toBe('mine');
    expect(channelOf({}, undefined, false)).toBeUndefined();
  });

  it.each(['latest', 'a.meta', '../x', ''])('cannot be %j', (name) => {
    expect(() => channelOf({ branch: 'main' }, name, true)).toThrow(/cannot name a channel/);
  });

  it.each(['latest', 'live', 'üü'])('of the branch %s has to be given', (branch) => {
    expect(() => channelOf({ branch }, undefined, true)).toThrow(/give another with --channel/);
  });
});

describe('requirements', () => {
  it('are all files that are read', () => {
    const root = writeFiles(`
//- /requirements.txt
-r more/base.txt
--constraint=limits.txt  # pinned
Paper \\
  >=1
//- /more/base.txt
-r ../requirements.txt
-r https://example.com/x.txt
Pen
//- /limits.txt
Paper==1
`);
    const { texts, isPortable } = readRequirements(path.join(root, 'requirements.txt'));
    expect(texts.map((text) => text.split('\n')[0])).toEqual([
      '-r more/base.txt',
      '-r ../requirements.txt',
      'Paper==1',
    ]);
    expect(isPortable).toBe(true);
  });

  it.each(['-e .', '--editable=x', './lib', '/lib', 'x @ file:///lib', 'file:lib'])(
    'with %j depend on more than themselves',
    (line) => {
      const root = writeFiles(`//- /r.txt\n${line}\n`);
      expect(readRequirements(path.join(root, 'r.txt')).isPortable).toBe(false);
    },
  );
});

describe('files that are written for a while', () => {
  it('give way again to what was there, also later and from elsewhere', () => {
    const root = writeFiles('//- /a\nold\n');
    const [a, b, kept] = ['a', 'b', 'kept'].map((name) => path.join(root, name)) as [string, string, string];
    fs.chmodSync(a, 0o644);
    borrowFiles(kept, [
      { file: a, text: 'new' },
      { file: b, text: 'new' },
    ]);
    expect([a, b].map((file) => fs.readFileSync(file, 'utf8'))).toEqual(['new', 'new']);
    expect(fs.statSync(b).mode & 0o077).toBe(0);
    giveBack(kept);
    giveBack(kept);
    expect(fs.readFileSync(a, 'utf8')).toBe('old\n');
    expect(fs.readdirSync(root)).toEqual(['a']);
  });

  it('are written all or none', () => {
    const root = writeFiles('//- /a\nold\n//- /folder/x\n');
    const files = ['a', 'folder'].map((name) => ({ file: path.join(root, name), text: 'new' }));
    expect(() => borrowFiles(path.join(root, 'kept'), files)).toThrow(
      /folder is there and is no regular file/,
    );
    expect(fs.readFileSync(path.join(root, 'a'), 'utf8')).toBe('old\n');
    expect(fs.readdirSync(root).sort()).toEqual(['a', 'folder']);
  });

  it('are written through symbolic links', () => {
    const root = writeFiles('//- /real\nold\n');
    fs.symlinkSync('real', path.join(root, 'link'));
    const bringBack = borrowFiles(path.join(root, 'kept'), [{ file: path.join(root, 'link'), text: 'new' }]);
    expect(fs.readFileSync(path.join(root, 'real'), 'utf8')).toBe('new');
    bringBack();
    expect(fs.readlinkSync(path.join(root, 'link'))).toBe('real');
    expect(fs.readFileSync(path.join(root, 'real'), 'utf8')).toBe('old\n');
  });
});

describe('what is taken back', () => {
  it('comes last first, and one failure stops none', () => {
    const told: string[] = [];
    const undo = undoStack();
    undo.add(() => told.push('first'));
    undo.add(() => {
      throw new Error('no');
    });
    const forget = undo.add(() => told.push('forgotten'));
    undo.add(() => told.push('last'));
    forget();
    undo.run();
    undo.run();
    expect(told).toEqual(['last', 'first']);
  });
});

describe('times', () => {
  it.each([
    [400, '0.4 s'],
    [9960, '10 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
