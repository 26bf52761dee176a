import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sweep } from './fastTemp.mts';
import { newFolder } from './support/repository.ts';

it('folders of test runs that were killed are taken away, and nothing else', () => {
  const folder = newFolder();
  const gone = spawnSync(process.execPath, ['--version']).pid;
  const names = [`strata-${gone}-a1B2c3`, `strata-${process.pid}-a1B2c3`, 'strata-a1B2c3', `${gone}`];
  for (const name of names) {
    fs.mkdirSync(path.join(folder, name, 'in'), { recursive: true });
    fs.writeFileSync(path.join(folder, name, 'in/it'), '');
  }
  sweep(folder);
  expect(fs.readdirSync(folder).sort()).toEqual(names.slice(1).sort());
  sweep(path.join(folder, 'nowhere'));
});
