import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { activeFirst } from '../../client/build/activeFirst.ts';
import { runBuild } from '../../client/build/buildRun.ts';
import { buildArguments, isBuildDefinition } from '../../client/build/definition.ts';
import { stepReader, terminalText } from '../../client/build/output.ts';
import { knownAside, problemIn } from '../../client/build/problemLines.ts';
import { renderArguments } from '../../client/build/renderArguments.ts';
import { failureText, isRefusedAsDirty, lastStep, readBuildResult } from '../../client/build/result.ts';
import { exampleShop } from '../support/exampleShop.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

describe('the definition of a build', () => {
  it.each([
    [{ type: 'strata', app: 'api' }, true],
    [
      { type: 'strata', app: 'api', environment: 'qa', cluster: 'us', allowDirty: true, skipTests: false },
      true,
    ],
    [{ type: 'strata' }, false],
    [{ type: 'strata', app: '' }, false],
    [{ type: 'strata', app: ['api'] }, false],
    [{ type: 'npm', app: 'api' }, false],
    [{ type: 'strata', app: 'api', allowDirty: 'yes' }, false],
    [null, false],
  ])('%j: %s', (value, expected) => {
    expect(isBuildDefinition(value)).toBe(expected);
  });

  it('becomes a command line in which no name is an option', () => {
    const definition = {
      type: 'strata',
      app: '--all',
      environment: 'qa',
      cluster: 'us',
      channel: '-x',
    } as const;
    expect(buildArguments({ ...definition, allowDirty: true, skipTests: true }, '/w')).toEqual([
      ...['build', '--json', '-C', '/w', '--env=qa', '--cluster=us', '--channel=-x'],
      ...['--allow-dirty', '--skip-tests', '--', '--all'],
    ]);
  });
});

it.each([
  [{ cluster: 'eu', mode: 'deploy', environment: 'production' }, ['--cluster=eu', '--', 'api', 'production']],
  [{ cluster: null, mode: 'local', environment: 'local' }, ['--local', '--', 'api', 'local']],
  [{ cluster: null, mode: 'build', environment: 'qa' }, ['--build', '--', 'api', 'qa']],
] as const)('the command line that renders %j', (of, expected) => {
  const args = renderArguments({ app: 'api', label: '', ...of }, '/w');
  expect(args).toEqual(['render', '--write', '-C', '/w', ...expected]);
});

describe('what a build prints', () => {
  it('has its steps, however it is cut, with colours and without', () => {
    const text =
      '\u001b[1m── api: configure ─────────\u001b[22m\nwrote x\r\n── a-b.c: test ─────\r\n── no step\n── api: build: nothing to do\n── api: package ──';
    for (const size of [1, 7, text.length]) {
      const steps: string[] = [];
      const read = stepReader((step) => steps.push(step));
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
      expect(steps).toEqual(['configure', 'test']);
    }
  });

  it('begins each line of a terminal at its left', () => {
    expect(terminalText('a\nb\r\n\nc')).toBe('a\r\nb\r\n\r\nc');
  });
});

describe('a problem in what a build prints', () => {
  it.each([
    [
      'a/b.yaml:9:3: error public-key-missing: x.y: no',
      { file: 'a/b.yaml', line: 9, code: 'public-key-missing' },
    ],
    ['a b.yaml:1:1: \u001b[33mwarning\u001b[39m yaml: no\r', { file: 'a b.yaml', line: 1, code: 'yaml' }],
    [' a/b.yaml:9:3: error schema: no', undefined],
    ['  a/b.yaml:9:3: string given here', undefined],
    ['a/b.yaml: error schema: no', undefined],
    ['', undefined],
  ])('%j', (line, expected) => {
    expect(problemIn(line)).toEqual(expected);
  });

  it('gets a blank where it is shown already, however the text is cut', () => {
    const lines = ['── x', 'a.yaml:1:1: error schema: one', 'a.yaml:2:1: error schema: two', '…'];
    const text = lines.join('\n');
    for (const size of [1, 5, 40, text.length]) {
      let written = '';
      const output = knownAside(
        ({ line }) => line === 2,
        (piece) => {
          written += piece;
        },
      );
      for (let at = 0; at < text.length; at += size) output.text(text.slice(at, at + size));
      output.end();
      expect(written).toBe(lines.map((line) => (line.includes('two') ? ` ${line}` : line)).join('\n'));
    }
  });
});

describe('the result of a build', () => {
  it('is read from the last line', () => {
    const told = { app: 'api', built: false, failure: { code: 'failed', message: 'no' } };
    const steps = [
      { step: 'configure', outcome: 'done', ms: 1 },
      { step: 'test', outcome: 'failed', ms: 2 },
      { step: 'summary', outcome: 'left-out', ms: 0 },
    ];
    const result = readBuildResult(`x\n${JSON.stringify({ ...told, version: null, steps, logs: '/l' })}\n`);
    expect(result).toMatchObject({ ...told, logs: '/l' });
    expect(result && lastStep(result)).toBe('test');
    expect(result && isRefusedAsDirty(result)).toBe(false);
  });

  it.each(['', 'nothing', '{}', '[1]', '{"app":"api","built":1,"failure":null,"steps":[]}'])(
    '%j is none',
    (text) => {
      expect(readBuildResult(text)).toBeUndefined();
    },
  );
});

it('apps come in their order, that of the active file first', () => {
  const apps = ['/w/a', '/w/ab', '/w/ab/inner'].map((folder) => ({ folder }));
  const order = (file?: string) => activeFirst(apps, file).map(({ folder }) => folder);
  expect(order()).toEqual(['/w/a', '/w/ab', '/w/ab/inner']);
  expect(order('/w/abc/x')).toEqual(['/w/a', '/w/ab', '/w/ab/inner']);
  expect(order('/w/ab/x')).toEqual(['/w/ab', '/w/a', '/w/ab/inner']);
  expect(order('/w/ab/inner/x')).toEqual(['/w/ab/inner', '/w/a', '/w/ab']);
});

describe('a build that runs', () => {
  it('is refused with changes that are not committed, and says so', async () => {
    const root = exampleShop();
    fs.writeFileSync(path.join(root, 'apps/api/new.txt'), 'x');
    const definition = { type: 'strata', app: 'api' } as const;
    const texts: string[] = [];
    const listener = { text: (text: string) => void texts.push(text), step: () => undefined };
    const { code, result } = await runBuild({ cli, root, cwd: root, definition }, listener).ended;
    expect(code).toBe(1);
    expect(result && isRefusedAsDirty(result)).toBe(true);
    expect(result && failureText(result)).toMatch(
      /apps\/api\/new.txt\): commit or ignore them, or build anyway$/,
    );
    expect(texts.join('')).toContain('--allow-dirty');
  });

  it('that cannot be started has failed', async () => {
    const definition = { type: 'strata', app: 'api' } as const;
    const texts: string[] = [];
    const listener = { text: (text: string) => void texts.push(text), step: () => undefined };
    const request = { cli, root: '/nowhere', cwd: '/nowhere', definition };
    const { result } = await runBuild(request, listener).ended;
    expect(result).toBeUndefined();
    expect(texts.join('')).toContain('ENOENT');
  });
});
