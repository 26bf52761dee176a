import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { copyExample, freeFolder } from '../../client/example/copyExample.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const example = path.resolve(import.meta.dirname, '../../examples/shop');

it('a copy of the example can be built: it is committed, and its scripts can be run', async () => {
  const parent = writeFiles('');
  const to = await freeFolder(parent);
  expect(to).toBe(path.join(parent, 'paper-shop'));
  expect(await copyExample(example, to)).toEqual({ isCommitted: true });
  const status = execFileSync('git', ['-C', to, 'status', '--porcelain'], { encoding: 'utf8' });
  expect(status).toBe('');
  expect(fs.statSync(path.join(to, 'apps/api/scripts/test.sh')).mode & 0o111).toBe(0o111);
  expect(fs.readFileSync(path.join(to, 'strata.yaml'), 'utf8')).not.toContain('$schema');
  expect(await freeFolder(parent)).toBe(path.join(parent, 'paper-shop-2'));
});

it('a folder that is there is left as it is', async () => {
  const parent = writeFiles('\n//- /paper-shop/mine.txt\nx\n');
  await expect(copyExample(example, path.join(parent, 'paper-shop'))).rejects.toThrow(/EEXIST/);
  expect(fs.readdirSync(path.join(parent, 'paper-shop'))).toEqual(['mine.txt']);
});
