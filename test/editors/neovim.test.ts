// The server in another editor: Neovim's own language client, driven by neovim.lua.
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cliFile, run } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const shop = path.resolve(import.meta.dirname, '../../examples/shop');
const script = path.join(import.meta.dirname, 'neovim.lua');

/** What the script found. */
interface Shown {
  failure?: string;
  encoding: string;
  hover: string;
  definitions: string[];
  /** The words under a problem. */
  problem: string;
}

it('Neovim shows hovers, definitions and problems, follows what is typed, and renames', async () => {
  const folder = writeFiles('');
  cpSync(shop, folder, { recursive: true });
  const result = path.join(folder, 'result.json');
  const env = {
    STRATA_NODE: process.execPath,
    STRATA_CLI: cliFile,
    STRATA_RESULT: result,
    // Nothing of the person's own set-up, and no traces in their home.
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_DATA_HOME: path.join(folder, 'data'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const args = ['--headless', '--clean', '-n', '-c', `luafile ${script}`];
  const { code, stderr } = await run('nvim', args, { cwd: folder, env });
  const shown = JSON.parse(readFileSync(result, 'utf8')) as Shown;
  expect(shown.failure, stderr).toBeUndefined();
  expect(code).toBe(0);
  expect(shown.encoding).toBe('utf-16');
  expect(shown.hover).toContain('production/eu');
  expect(shown.hover).toContain('db.qa.papershop.example');
  expect(shown.definitions[0]).toBe('common-local.yaml:9');
  expect(shown.definitions).toContain('common-production-eu.yaml:7');
  expect(shown.problem).toBe('wrong');
  const written = (name: string) => readFileSync(path.join(folder, 'configs', name), 'utf8');
  expect(written('common-qa.yaml')).toContain('    pool: {"😀ü": 1, most: 6}\n');
  expect(written('common.yaml')).toContain('    pool:\n      most: 5\n');
});
