import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const empty = '//- /cache/a-file\n';

async function version(cwd: string, folder: string, more: Record<string, string> = {}): Promise<string> {
  const env = Object.fromEntries(
    ['XDG_CACHE_HOME', 'HOME', 'LOCALAPPDATA'].map((name) => [name, path.join(cwd, folder)]),
  );
  const { code, stdout, stderr } = await strata(['--version'], { cwd, env: { ...env, ...more } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const names = (cwd: string) => fs.readdirSync(path.join(cwd, 'cache')).sort();

describe.concurrent('compiled code', () => {
  it("is kept in the user's folder for caches", async () => {
    const cwd = writeFiles(empty);
    const first = await version(cwd, 'cache');
    const below = fs.readdirSync(path.join(cwd, 'cache'), { recursive: true, encoding: 'utf8' });
    expect(below.some((name) => name.includes(path.join('strata', 'compiled')))).toBe(true);
    expect(await version(cwd, 'cache')).toBe(first);
  });

  it('is not kept where nobody wants it', async () => {
    const cwd = writeFiles(empty);
    await version(cwd, 'cache', { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(names(cwd)).toEqual(['a-file']);
  });

  it('is not missed where it cannot be kept', async () => {
    const cwd = writeFiles(empty);
    await version(cwd, 'cache/a-file');
    expect(names(cwd)).toEqual(['a-file']);
  });
});
