import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { walkOrFail } from './failure.ts';
import { foldersOnDisk } from './onDisk.ts';
import type { Walk } from './walk.ts';

const limitMs = 300_000;

function stepsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Says how to do it again. */
async function expectEqual(options: Walk): Promise<void> {
  const { walked, failure } = await walkOrFail(options, console.log, false);
  const again = `npm run torture -- --documents 0 --runs none --seed ${options.seed} --every ${options.every}`;
  expect(failure && `${failure.message}\n${again} --steps ${failure.steps.at(-1)}`).toBeUndefined();
  expect(walked?.steps).toBe([...options.steps].length);
}

it(
  'a server that has seen 10,000 changes answers as a new one',
  () => expectEqual({ seed: 1, steps: stepsUpTo(10_000), every: 25 }),
  limitMs,
);

it(
  'so does one that watches the disk by itself',
  async () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-torture-')));
    try {
      await expectEqual({ seed: 2, steps: stepsUpTo(300), every: 10, disk: foldersOnDisk(folder) });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  },
  limitMs,
);
