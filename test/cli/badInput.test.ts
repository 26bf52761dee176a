import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, strata } from '../support/cli.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

/** Whatever a file holds, an answer comes soon. */
const soon = { timeout: 60_000, concurrent: true };

const healthy = `
//- /configs/common-qa.yaml
healthy: 1
//- /configs/shop.yaml
also: fine
`;

/** A workspace in which one layer is bad. */
function workspaceWith(bad: string | Uint8Array): string {
  const root = writeFiles(healthy);
  writeFile(root, 'configs/common.yaml', bad);
  return root;
}

/**
 * Expects that a workspace's problems are exactly these (`PLACE CODE: MESSAGE`, the places in `configs`), that
 * nothing is rendered, and that the other layers are still read.
 */
async function expectProblems(root: string, problems: readonly string[]): Promise<void> {
  const [render, lint, explain] = await Promise.all([
    strata(['render', 'shop', 'qa'], { cwd: root }),
    strata(['lint'], { cwd: root }),
    strata(['explain', 'healthy', '--app', 'shop', '--json'], { cwd: root }),
  ]);
  expect({ ...render, stderr: short(render.stderr) }).toEqual({ code: 1, stdout: '', stderr: problems });
  expect({ code: lint.code, told: short(lint.stderr).slice(0, -1) }).toEqual({ code: 1, told: problems });
  expect(explain).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(explain.stdout).apps[0].contexts[0]).toMatchObject({ value: 1 });
}

function short(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('  '));
  return lines.map((line) =>
    line
      .replace(/^configs\//, '')
      .replace(': error', '')
      .replace(/ \[.*\]$/, ''),
  );
}

/** Expects that the layer is fine and gives this. */
async function expectRendered(root: string, more: object): Promise<void> {
  const { code, stdout, stderr } = await strata(['render', 'shop', 'qa'], { cwd: root });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const expected = { yoconfigurator: { app: 'shop' }, healthy: 1, also: 'fine', ...more };
  expect(JSON.parse(stdout)).toEqual(expected);
}

describe('the bytes of a layer', soon, () => {
  it.each([
    ['in a line', 'a: 1\nb: "\xff"\n', '2:5'],
    ['cut short', 'a: 1\nb: \xc3', '2:4'],
    ['behind letters of several bytes', 'a: \xc3\xa9\xf0\x9f\x98\x80\xe2\x82 x\n', '1:7'],
  ])('that are no UTF-8, %s, are told with their place', async (_, bytes, place) => {
    await expectProblems(workspaceWith(Buffer.from(bytes, 'latin1')), [
      `common.yaml:${place} unreadable-layer: these bytes are no UTF-8: save the file with that encoding`,
    ]);
  });

  it('that are a picture are told', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex');
    const { code, stderr } = await strata(['render', 'shop', 'qa'], { cwd: workspaceWith(png) });
    expect(code).toBe(1);
    expect(short(stderr)[0]).toMatch(/^common.yaml:1:1 unreadable-layer: /);
    expect(stderr).not.toContain('    at ');
  });

  it('with a NUL are no text', async () => {
    await expectProblems(workspaceWith('a: 1\nb: x\0y\n'), [
      'common.yaml:2:5 yaml-syntax: the control character U+0000 may not stand in YAML: write it as `\\u0000` ' +
        'in double quotes',
    ]);
  });

  it('may start with a byte order mark and have Windows line ends', async () => {
    const text = 'a: 1\nb:\n  c: 2\n  text: |\n    x\n    y\n';
    const expected = { a: 1, b: { c: 2, text: 'x\ny\n' } };
    await expectRendered(workspaceWith(text), expected);
    await expectRendered(workspaceWith(`\ufeff${text.replaceAll('\n', '\r\n')}`), expected);
  });

  it('with a byte order mark and Windows line ends have the same places', async () => {
    await expectProblems(workspaceWith('\ufeffa: 1\r\nb:\r\n  c: é\r\n  d: 1\r\n  c: 2\r\n'), [
      'common.yaml:5:3 duplicate-key: the key `c` is given twice in this mapping: the first one counts',
    ]);
    await expectProblems(workspaceWith('\ufeffa: *x\r\n'), [
      'common.yaml:1:4 yaml-syntax: no anchor `&x` stands before this alias',
    ]);
  });
});

describe('the size of a layer', soon, () => {
  it('of 50 MB is refused', async () => {
    await expectProblems(workspaceWith('key: value\n'.repeat(4_800_000)), [
      'common.yaml:1:1 unreadable-layer: the file has 50.4 MB, and layers of up to 5.0 MB are read',
    ]);
  });

  it('may lie in one long text', async () => {
    const long = 'x'.repeat(200 * 1024);
    await expectRendered(workspaceWith(`a: ${long}\n`), { a: long });
  });

  it('may lie in one long line', async () => {
    const list = Array.from({ length: 20_000 }, (_, index) => index);
    await expectRendered(workspaceWith(`a: [${list.join(', ')}]\n`), { a: list });
  });

  it('may lie in many dotted keys', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `a.b.key${index}: ${index}\n`);
    const b = Object.fromEntries(lines.map((_, index) => [`key${index}`, index]));
    await expectRendered(workspaceWith(lines.join('')), { a: { b } });
  });
});

describe('aliases', soon, () => {
  const tooMany = 'yaml-syntax: aliases stand for more than 100000 values here: write the values out';

  it('that multiply are stopped (a billion laughs)', async () => {
    const letters = [...'bcdefghij'];
    const laughs = letters.map((letter, index) => {
      const before = `*${'abcdefghij'[index]}`;
      return `${letter}: &${letter} [${Array(10).fill(before).join(', ')}]\n`;
    });
    const bomb = `a: &a [${Array(10).fill('lol').join(', ')}]\n${laughs.join('')}`;
    await expectProblems(workspaceWith(bomb), [`common.yaml:5:36 ${tooMany}`]);
  });

  it('of a large list are stopped', async () => {
    const text = `a: &a [${'x, '.repeat(30_000)}]\nb: [${'*a, '.repeat(5_000)}]\n`;
    await expectProblems(workspaceWith(text), [`common.yaml:2:17 ${tooMany}`]);
  });

  it('of a long text are stopped', async () => {
    const text = `a: &a ${'x'.repeat(200_000)}\nb: [${'*a, '.repeat(5_000)}]\n`;
    await expectProblems(workspaceWith(text), [`common.yaml:2:201 ${tooMany}`]);
  });

  it('need their anchor', async () => {
    await expectProblems(workspaceWith('a: *nope\n'), [
      'common.yaml:1:4 yaml-syntax: no anchor `&nope` stands before this alias',
    ]);
  });

  it('cannot stand inside of their anchor', async () => {
    await expectProblems(workspaceWith('a: &a {b: [*a]}\n'), [
      'common.yaml:1:12 yaml-syntax: `*a` stands inside of what it repeats',
    ]);
  });
});

describe('thousands of levels of nesting', soon, () => {
  const levels = 10_000;

  it.each([
    ['brackets', `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`],
    ['braces', `a: ${'{a: '.repeat(levels)}1${'}'.repeat(levels)}\n`],
    ['open brackets', `a: ${'['.repeat(levels)}`],
    ['dashes', `a:\n  ${'- '.repeat(levels)}1\n`],
    ['question marks', `${'? '.repeat(levels)}a\n`],
  ])('of %s are told in one place', async (_, text) => {
    const { code, stdout, stderr } = await strata(['render', 'shop', 'qa'], { cwd: workspaceWith(text) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^configs\/common.yaml:\d:\d+: error yaml-syntax: nested .*deep/m);
    expect(stderr.split('\n').length).toBeLessThan(5);
  });

  it('by indentation are told in one place', async () => {
    const lines = Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`);
    await expectProblems(workspaceWith(lines.join('')), [
      expect.stringMatching(/^common.yaml:\d+:\d+ yaml-syntax: nested .*deep/) as unknown as string,
    ]);
  });

  it('are too many by a chain of aliases, too', async () => {
    const chain = Array.from({ length: 300 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]\n`);
    const { code, stderr } = await strata(['lint'], { cwd: workspaceWith(`a0: &a0 []\n${chain.join('')}`) });
    expect(code).toBe(1);
    expect(stderr).toContain('nested more than 200 levels deep');
  });

  it('is no matter up to 200', async () => {
    const nested = `${'['.repeat(200)}${']'.repeat(200)}`;
    await expectRendered(workspaceWith(`a: ${nested}\n`), { a: JSON.parse(nested) });
  });
});

describe('the YAML of a layer', soon, () => {
  it.each([
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      '2:1 several-documents: a layer is one document, and a second one starts here: only the first counts',
    ],
    [
      'a key given twice',
      'a: 1\nb: 2\na: 3\n',
      '3:1 duplicate-key: the key `a` is given twice in this mapping: the first one counts',
    ],
    [
      'a dotted key given twice',
      'a: {b: 1}\na.b: 2\n',
      '2:3 duplicate-key: the key `b` is given twice in this mapping: the first one counts',
    ],
    [
      'a list at the top',
      '- a\n',
      '1:1 not-a-mapping: this must be a mapping of keys to values, and it is a list',
    ],
    [
      'a text at the top',
      'hello\n',
      '1:1 not-a-mapping: this must be a mapping of keys to values, and it is a string',
    ],
    [
      'a tag that nobody knows',
      'a: !mising x\n',
      '1:4 yaml-syntax: the tag `!mising` is not known; layers have !missing, !deleted, !replace. Did you mean ' +
        '`!missing`?',
    ],
    ['a tag before the wrong value', 'a: !replace 5\n', '1:4 yaml-syntax: `!replace` stands before a list'],
    ['a mapping for a key', '{a: 1}: 2\n', '1:1 yaml-syntax: a key must be a single word or text'],
    [
      'a merge key with a number',
      'a: {<<: 5, b: 1}\n',
      '1:5 yaml-syntax: `<<` takes a mapping or a list of mappings, and this is something else (integer)',
    ],
    [
      'a conflict',
      'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\nc: 4\n',
      '2:1 yaml-syntax: unresolved merge conflict: keep one side',
    ],
    ['a tab as indentation', 'a:\n\tb: 1\n', '2:1 yaml-syntax: tabs are not allowed as indentation'],
    ['an open quote', 'a: "b\n', '2:1 yaml-syntax: missing closing "quote'],
  ])('with %s is told', async (_, text, problem) => {
    await expectProblems(workspaceWith(text), [`common.yaml:${problem}`]);
  });

  it('with many conflicts is told soon', async () => {
    const text = 'a: 1\n<<<<<<< HEAD\n=======\n>>>>>>> other\n'.repeat(5_000).replace(/a: 1\n/g, '# a\n');
    const { code, stderr } = await strata(['render', 'shop', 'qa'], { cwd: workspaceWith(text) });
    expect({ code, lines: stderr.split('\n').length - 1 }).toEqual({ code: 1, lines: 5_000 });
  });

  it.each([
    ['nothing', ''],
    ['only comments', '# nothing\n\n# here\n'],
    ['only the start of a document', '---\n'],
    ['an empty mapping', '{}\n'],
  ])('may hold %s', async (_, text) => {
    await expectRendered(workspaceWith(text), {});
  });

  it('may have anchors on keys', async () => {
    await expectRendered(workspaceWith('&k key: 1\nb: *k\n'), { key: 1, b: 'key' });
  });
});

describe('keys that mean something to JavaScript', soon, () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'length'];
  const text = names.map((name) => `${name}: {${name}: {x: 1}}\n`).join('');
  const over = names.map((name) => `${name}.${name}.x: 2\n`).join('');

  it('are keys like any other', async () => {
    const root = writeFiles(`//- /common.yaml\n${text}//- /common-qa.yaml\n${over}//- /shop.yaml\n`);
    const { code, stdout } = await strata(['render', 'shop', 'qa'], { cwd: root });
    expect(code).toBe(0);
    const lines = names.flatMap((name) => [
      `    "${name}": {`,
      `        "${name}": {`,
      '            "x": 2',
      '        }',
      '    }',
    ]);
    const got = stdout
      .split('\n')
      .slice(4, -1)
      .map((line) => line.replace(/,$/, ''));
    expect(got).toEqual(lines);
    const yaml = await strata(['render', 'shop', 'qa', '--format', 'yaml'], { cwd: root });
    expect(yaml.stdout).toContain('__proto__:\n  __proto__:\n    x: 2\n');
  });

  it.each(names)('explain: %s', async (name) => {
    const root = writeFiles(`//- /common.yaml\n${text}//- /common-qa.yaml\n${over}//- /shop.yaml\n`);
    const { stdout } = await strata(['explain', `${name}.${name}.x`, '--json'], { cwd: root });
    expect(JSON.parse(stdout).apps[0].contexts[0]).toMatchObject({ value: 2 });
    const { code } = await strata(['explain', `${name}.constructor.y`], { cwd: root });
    expect(code).toBe(1);
  });

  it('are told like any other', async () => {
    const root = writeFiles(
      '//- /common.yaml\n__proto__: 1\n//- /common-qa.yaml\n__proto__: x\n//- /shop.yaml\n',
    );
    const { stderr } = await strata(['lint'], { cwd: root });
    expect(stderr).toContain('error type-mismatch: __proto__: refusing to replace an integer with a string');
  });
});

describe('the files of a workspace', soon, () => {
  it('may not be readable', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root can read every file');
    const root = workspaceWith('a: 1\n');
    fs.chmodSync(path.join(root, 'configs/common.yaml'), 0);
    await expectProblems(root, [
      'common.yaml:1:1 unreadable-layer: the file may not be read: check its permissions',
    ]);
  });

  it.skipIf(process.platform === 'win32')('may be a pipe', async () => {
    const root = writeFiles(healthy);
    await run('mkfifo', ['configs/common.yaml'], { cwd: root });
    await expectProblems(root, ['common.yaml:1:1 unreadable-layer: this is no regular file']);
  });

  it('may be a folder: then it is no layer', async () => {
    const root = writeFiles(healthy);
    fs.mkdirSync(path.join(root, 'configs/common.yaml'));
    await expectRendered(root, {});
  });

  it('may be a link in a circle', async () => {
    const root = writeFiles(healthy);
    fs.symlinkSync('common.yaml', path.join(root, 'configs/common.yaml'));
    await expectProblems(root, [
      'common.yaml:1:1 unreadable-layer: the file is a symbolic link that leads back to itself',
    ]);
  });

  it('may be a link to nowhere', async () => {
    const root = writeFiles(healthy);
    fs.symlinkSync('gone.yaml', path.join(root, 'configs/common.yaml'));
    await expectProblems(root, [
      'common.yaml:1:1 unreadable-layer: the file is a symbolic link to what is not there',
    ]);
  });

  it('may lie in a circle of folders', async () => {
    const root = writeFiles(healthy);
    fs.symlinkSync('..', path.join(root, 'configs/up'));
    fs.symlinkSync('.', path.join(root, 'configs/self'));
    fs.symlinkSync(root, path.join(root, 'again'));
    await expectRendered(root, {});
    expect(await strata(['lint'], { cwd: root })).toMatchObject({ code: 0, stderr: 'no problems\n' });
  });

  it('may go away with the working directory', async () => {
    const root = writeFiles('//- /gone/x\n');
    const script = 'rm -r ../gone; "$0" "$1" lint';
    const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
    const { code, stderr } = await run('bash', ['-c', script, process.execPath, cli], {
      cwd: path.join(root, 'gone'),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^strata: ENOENT: .*\n$/);
  });
});

describe('the manifest', () => {
  const layers = `
//- /configs/common.yaml
healthy: 1
//- /apps/shop/deploy/configuration/shop-default.yaml
name: shop
`;

  async function problemsOf(manifest: string): Promise<string> {
    const root = writeFiles(`${layers}//- /strata.yaml\n${manifest}`);
    const [lint, render] = await Promise.all([
      strata(['lint'], { cwd: root }),
      strata(['render', 'shop', 'qa'], { cwd: root }),
    ]);
    expect(lint.code).toBe(1);
    expect(lint.stderr + render.stderr).not.toContain('    at ');
    expect(render).not.toMatchObject({ code: 0 });
    return lint.stderr;
  }

  it('with keys that nobody knows', async () => {
    expect(
      await problemsOf('config: [configs]\nenvironments: {qa: {cluster: [us]}}\nmerge: {list: append}\n'),
    ).toMatchInlineSnapshot(`
      "strata.yaml:1:1: error manifest: config: the key \`config\` is not known here. Did you mean \`configs\`?
      strata.yaml:2:21: error manifest: environments.qa.cluster: the key \`cluster\` is not known here. Did you mean \`clusters\`?
      strata.yaml:3:9: error manifest: merge.list: the key \`list\` is not known here. Did you mean \`lists\`?
      3 errors, 0 warnings
      "
    `);
  });

  it('with values of wrong types', async () => {
    expect(
      await problemsOf(
        'configs: configs\napps: {shop: 5}\nenvironments: {qa: {clusters: us}}\nmerge: {lists: apend}\nyaml: 2\n',
      ),
    ).toMatchInlineSnapshot(`
      "strata.yaml:1:10: error manifest: configs: expected a list, found text
      strata.yaml:2:14: error manifest: apps.shop: expected text or a mapping, found a number
      strata.yaml:3:31: error manifest: environments.qa.clusters: expected a list, found text
      strata.yaml:4:16: error manifest: merge.lists: must be one of append, replace
      strata.yaml:5:7: error manifest: yaml: must be one of 1.2, 1.1
      5 errors, 0 warnings
      "
    `);
  });

  it('with a folder that is not there', async () => {
    expect(
      await problemsOf('configs: [configs, more]\napps: {shop: apps/shpo}\nenvironments: [qa]\n'),
    ).toMatchInlineSnapshot(`
      "strata.yaml:1:20: error manifest: there is no folder \`more\` beside the manifest
      strata.yaml:2:14: error manifest: there is no folder \`apps/shpo\` beside the manifest
      2 errors, 0 warnings
      "
    `);
  });

  it('with names that are none', async () => {
    expect(
      await problemsOf(
        'apps: {"my shop": apps/shop, shop: apps/shop}\nenvironments: {qa: {}, "a/b": {}, build: {}}\n',
      ),
    ).toMatchInlineSnapshot(`
      "strata.yaml:1:8: error manifest: apps.my shop: \`my shop\` is no name: a name has 1 to 64 letters, digits, \`.\`, \`_\` or \`-\` and starts with a letter or digit
      strata.yaml:2:24: error manifest: environments.a/b: \`a/b\` is no name: a name has 1 to 64 letters, digits, \`.\`, \`_\` or \`-\` and starts with a letter or digit
      strata.yaml:2:35: error manifest: environments.build: \`build\` cannot name an environment: layers ending in \`-build\` have a meaning of their own
      3 errors, 0 warnings
      "
    `);
  });

  it('that is broken', async () => {
    expect(await problemsOf('configs: [configs\nenvironments: [qa]\n')).toMatchInlineSnapshot(`
      "strata.yaml:2:1: error yaml-syntax: flow sequence in block collection must be sufficiently indented and end with a ]
      1 error, 0 warnings
      "
    `);
  });

  it('that is a list', async () => {
    expect(await problemsOf('- configs\n')).toMatchInlineSnapshot(`
      "strata.yaml:1:1: error not-a-mapping: this must be a mapping of keys to values, and it is a list
      1 error, 0 warnings
      "
    `);
  });

  it.each(['', '# all of it is inferred\n', '{}\n'])('may say nothing: %j', async (text) => {
    const root = writeFiles(`${layers}//- /configs/common-qa.yaml\n//- /strata.yaml\n${text}`);
    const { code, stdout, stderr } = await strata(['render', 'shop', 'qa'], { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ healthy: 1, name: 'shop' });
  });

  it('may be a folder', async () => {
    const root = writeFiles(`${layers}//- /strata.yaml/x\n`);
    const { code, stderr } = await strata(['lint'], { cwd: root });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'strata.yaml:1:1: error manifest: this is no regular file\n1 error, 0 warnings\n',
    });
  });
});
