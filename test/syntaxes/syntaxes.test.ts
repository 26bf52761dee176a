// What every grammar makes of a text: fixtures with their scopes below each line, over the grammars of VS Code itself.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { ensureHost } from '../../scripts/vscode-host/install.mjs';

const fixtures = path.join(import.meta.dirname, 'fixtures');
const tester = createRequire(import.meta.url).resolve('vscode-tmgrammar-test/dist/unit.js');
/** The extensions of VS Code whose grammars ours build on. */
const bases = ['yaml', 'ini', 'json', 'shellscript', 'html', 'javascript', 'css', 'xml', 'python', 'sql'];

const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

let grammars: string[];

beforeAll(async () => {
  const { dir } = await ensureHost();
  grammars = bases.flatMap((base) => {
    const folder = path.join(dir, 'vscode/extensions', base, 'syntaxes');
    const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
    return files.flatMap((name) => ['-g', path.join(folder, name)]);
  });
});

describe('grammars', () => {
  it.each(fs.readdirSync(fixtures))('%s has the scopes that stand below its lines', async (name) => {
    const args = [
      tester,
      '--config',
      path.join(root, 'package.json'),
      ...grammars,
      path.join(fixtures, name),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    expect(stdout).toContain('run successfuly');
  });

  it('build on languages that VS Code has, and are each in a file of the package', () => {
    for (const { path: file, scopeName } of contributes.grammars) {
      const grammar = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
      expect(grammar.scopeName).toBe(scopeName);
      const included = JSON.stringify(grammar).matchAll(/"include":"((?:source|text)\.[\w.]+)"/g);
      for (const [, scope = ''] of included) expect(knownScopes()).toContain(scope);
    }
  });
});

function knownScopes(): string[] {
  const files = grammars.filter((one) => one !== '-g');
  const theirs = files.map((file) => JSON.parse(fs.readFileSync(file, 'utf8')).scopeName as string);
  return [...theirs, ...contributes.grammars.map((one: { scopeName: string }) => one.scopeName)];
}
