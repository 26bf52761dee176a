import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import { isRoot, onSmallDisk } from '../../artifact/support/folders.ts';
import {
  agentOptions,
  deploy,
  leftovers,
  liveVersion,
  me,
  newBox,
  releaseNames,
  uploadApp,
  withAgent,
} from '../support/box.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';

const mebibyte = 1024 * 1024;

// Only root may mount a small disk: run the tests as root to have these.
describe.skipIf(!isRoot)('a disk', () => {
  it('with too little room is told before anything is done, and old releases make room', async () => {
    await onSmallDisk(32 * mebibyte, async (root) => {
      const box = newBox(root);
      for (const version of ['1', '2', '3'])
        await uploadApp(box, version, { data: randomBytes(4 * mebibyte) });
      await uploadApp(box, '4', { data: randomBytes(12 * mebibyte) });
      await withAgent(box, {}, async (agent) => {
        for (const version of ['1', '2', '3']) {
          expect(await deploy(agent, { version })).toMatchObject({ result: 'done' });
        }
        expect(releaseNames(box)).toEqual(['1', '2', '3']);
        const { result, reason } = await deploy(agent, { version: '4' });
        expect(result).toBe('failed');
        expect(reason).toMatch(/MB and \d+ inodes free, and .* are needed: make room there/);
        expect(releaseNames(box)).toEqual(['2', '3']);
        expect({ live: liveVersion(box), left: leftovers(box) }).toEqual({ live: '3', left: [] });
      });
    });
  });

  it.each(['prepare', 'deployed'])(
    'that gets full in the hook %s leaves a box that goes on',
    async (hook) => {
      await onSmallDisk(24 * mebibyte, async (root) => {
        const box = newBox(root);
        for (const version of ['1', lastVersion]) await uploadApp(box, version);
        const fill = 'dd if=/dev/zero of="$STRATA_ROOT/fill" bs=64k 2>/dev/null; echo full; exit 1';
        await uploadApp(box, '2', { [`deploy/hooks/${hook}`]: fill });
        await withAgent(box, {}, (agent) => deploy(agent, { version: '1' }));
        const agent = await startAgent(agentOptions(box));
        const { id } = await agent.deploy({ app: 'shop', version: '2' }, me, undefined);
        await agent.drain();
        expect(await agent.deployment(id)).toMatchObject({
          result: expect.stringMatching(/failed|rolled_back/),
        });
        expect(liveVersion(box)).toBe('1');
        fs.rmSync(`${root}/fill`);
        await withAgent(box, {}, async (next) => {
          expect(await checkInvariant(next, box)).toEqual([
            expect.stringMatching(/failed|rolled_back/),
            'done',
          ]);
        });
      });
    },
  );

  it('that cannot be written to is told, and works when it can', async () => {
    await onSmallDisk(24 * mebibyte, async (root) => {
      const box = newBox(root);
      await uploadApp(box, '1');
      await uploadApp(box, lastVersion);
      const remount = (how: string) => execFileSync('mount', ['-o', `remount,${how}`, root]);
      await withAgent(box, {}, async (agent) => {
        await deploy(agent, { version: '1' });
      });
      remount('ro');
      await expect(startAgent(agentOptions(box))).rejects.toMatchObject({ code: 'unavailable' });
      remount('rw');
      await withAgent(box, {}, async (agent) => {
        expect(await checkInvariant(agent, box)).toEqual(['done']);
      });
    });
  });
});
