import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import type { Step } from '../../../agent/deploy/step.ts';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import { openRepository } from '../../../artifact/repository/repository.ts';
import { states } from '../../../protocol/deployment.ts';
import { isRoot, onSmallDisk } from '../../artifact/support/folders.ts';
import {
  agentOptions,
  deploy,
  type Files,
  liveVersion,
  me,
  newBox,
  releaseNames,
  story,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';
import { fillDisk, type Scarce } from '../support/fullDisk.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';
import { beforeBytes, beforeState } from '../support/stages.ts';

const mebibyte = 1024 * 1024;

const said: Files = {
  data: Buffer.alloc(200_000, 'data'),
  'deploy/hooks/prepare': 'echo prepare >made.txt && cat made.txt',
  'deploy/hooks/deployed': 'echo $STRATA_HOOK of $STRATA_VERSION',
};
const failing: Files = { ...said, 'deploy/hooks/deployed': 'echo no; exit 3' };

/** Writes a file outside of the release, and puts it back. */
function sideStep(file: string): Step {
  const write = (text: string) => {
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
  };
  return {
    name: 'side',
    applies: () => true,
    plan: async () => ({}),
    deployed: async ({ release }) => write(fs.readFileSync(path.join(release, 'version.txt'), 'utf8')),
    restore: async ({ previous }) =>
      write(previous === undefined ? '' : fs.readFileSync(path.join(previous, 'version.txt'), 'utf8')),
  };
}

async function boxOn(root: string): Promise<TestBox> {
  const box = newBox(root);
  for (const version of ['1', lastVersion]) await uploadApp(box, version, said);
  await uploadApp(box, '2', said);
  await uploadApp(box, '3', failing);
  return box;
}

const stages = ['download', ...states.filter((one) => !['accepted', 'failed', 'unknown'].includes(one))];
const kinds: Scarce[] = ['bytes', 'inodes'];
const cases = kinds.flatMap((scarce) => stages.map((stage) => ({ scarce, stage })));
const reserved = (root: string) => fs.readdirSync(path.join(root, '.strata-agent/reserve'));

// Only root may mount a small disk: run the tests as root to have these.
describe.skipIf(!isRoot)('a disk that has no more', () => {
  it.each(cases)('$scarce, from $stage on, leaves a box that goes on', async ({ scarce, stage }) => {
    await onSmallDisk(
      48 * mebibyte,
      async (root) => {
        const box = await boxOn(root);
        const side = path.join(root, '.side');
        const steps = [sideStep(side)];
        await withAgent(box, { steps }, (agent) => deploy(agent, { version: '1' }));
        let free: (() => void) | undefined;
        const fill = () => (free ??= fillDisk(root, scarce));
        const state = states.find((one) => one === stage);
        const journals = fileJournals(path.join(root, '.strata-agent'));
        const { store, trust } = box.repository;
        const filling = {
          steps,
          ...(state === undefined
            ? { repository: openRepository(beforeBytes(store, fill), trust) }
            : { journals: beforeState(journals, state, fill) }),
        };
        const version = stage.startsWith('roll') ? '3' : '2';
        await withAgent(box, filling, async (agent) => {
          expect(reserved(root)).toHaveLength(16);
          const { result, reason } = await deploy(agent, { version });
          expect(free, `${result} ${reason}`).toBeDefined();
          expect(['failed', 'rolled_back', 'done']).toContain(result);
          expect(reason ?? '').not.toMatch(/not wholly restored|this cannot be kept/);
          expect(fs.readFileSync(side, 'utf8')).toBe(liveVersion(box));
          expect(liveVersion(box)).toBe(result === 'done' ? version : '1');
        });
        // It starts though the disk is full, and says so to whoever asks for more.
        const agent = await startAgent(agentOptions(box, { steps }));
        const results = (await agent.deployments({})).map((one) => one.result);
        expect(results).toEqual([expect.stringMatching(/failed|rolled_back|done/), 'done']);
        const another = agent.deploy({ app: 'shop', version: '2', force: true }, me, undefined);
        await another.then(
          ({ id }) => expect(id).toBeTruthy(),
          (error) => expect(error).toMatchObject({ code: 'full' }),
        );
        await agent.drain();
        free?.();
        await withAgent(box, { steps }, async (next) => {
          await checkInvariant(next, box);
        });
        expect(reserved(root)).toHaveLength(16);
      },
      1200,
    );
  });
});

// Likewise.
describe.skipIf(!isRoot)('what the build says of an artifact', () => {
  const manyFiles = (count: number): Files =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`files/${at}`, `${at}`]));

  it('tells before anything is fetched whether there are inodes for it; old releases make room', async () => {
    await onSmallDisk(
      32 * mebibyte,
      async (root) => {
        const box = newBox(root);
        for (const version of ['1', '2', '3']) await uploadApp(box, version, manyFiles(60));
        await uploadApp(box, '4', manyFiles(200), { metadata: { entries: '203', expanded_bytes: '800' } });
        await uploadApp(box, '5', {}, { metadata: { entries: '2000', expanded_bytes: '800' } });
        await uploadApp(box, '6', {}, { metadata: { entries: '3', expanded_bytes: `${40 * mebibyte}` } });
        await uploadApp(box, '7', {}, { metadata: { entries: 'many', expanded_bytes: '-1' } });
        await withAgent(box, {}, async (agent) => {
          for (const version of ['1', '2', '3']) await deploy(agent, { version });
          expect(releaseNames(box)).toEqual(['1', '2', '3']);
          expect(await deploy(agent, { version: '4' })).toMatchObject({ result: 'done' });
          expect(releaseNames(box)).toEqual(['2', '3', '4']);
          for (const version of ['5', '6']) {
            const refused = await deploy(agent, { version });
            expect(refused.reason).toMatch(/inodes free, and .* are needed: make room there/);
            const told = await story(agent, refused.id);
            expect(told).toEqual(['accepted', 'locked', 'failed', 'end failed']);
          }
          expect(liveVersion(box)).toBe('4');
          expect(await deploy(agent, { version: '7' })).toMatchObject({ result: 'done' });
        });
      },
      460,
    );
  });
});
