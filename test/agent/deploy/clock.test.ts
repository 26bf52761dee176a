import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcome, startChild } from '../support/agentProcess.ts';
import { liveVersion, newBox, uploadApp, withAgent } from '../support/box.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';

const year = 365 * 24 * 3600_000;
const versions = ['1', '2', '3', '4', '5'];
const request = (version: string) => ({ app: 'shop', version });

describe('a clock that is wrong', () => {
  it('and set back and forth, changes no order: of deployments, of releases, of what goes', async () => {
    const box = newBox();
    for (const version of [...versions, lastVersion]) await uploadApp(box, version);
    const clocks = [10 * year, -10 * year, 0, -20 * year, 5 * year];
    for (const [at, version] of versions.entries()) {
      await outcome(startChild(box, { request: request(version), clockMs: clocks[at] ?? 0 }));
    }
    await withAgent(box, { app: { keep: 1 } }, async (agent) => {
      const all = await agent.deployments({});
      expect(all.map(({ version, result }) => `${version} ${result}`)).toEqual(
        [...versions].reverse().map((version) => `${version} done`),
      );
      const { releases, live, previous } = await agent.app('shop');
      expect({ live, previous }).toEqual({ live: '5', previous: '4' });
      expect(releases.map(({ version }) => version)).toEqual([...versions].reverse());
      expect(await agent.gc('shop', {})).toEqual(['2', '1']);
    });
  });

  it.each([
    [year, -year],
    [-year, year],
  ])(
    'by %i ms when the agent is killed, and by %i ms when it goes on, harms nothing',
    async (before, after) => {
      for (const kill of [5, 9]) {
        const box = newBox();
        for (const version of ['1', '2', lastVersion]) await uploadApp(box, version);
        await outcome(startChild(box, { request: request('1') }));
        await outcome(startChild(box, { request: request('2'), kill, clockMs: before }));
        await outcome(startChild(box, { clockMs: after }));
        expect(['1', '2']).toContain(liveVersion(box));
        await withAgent(box, {}, (agent) => checkInvariant(agent, box));
      }
    },
  );

  it('that jumps at each look at it lets a deployment go on, with its hooks and its health gate', async () => {
    const box = newBox();
    const hook = { 'deploy/hooks/deployed': 'echo $STRATA_VERSION; touch healthy' };
    for (const version of ['1', '2', lastVersion]) await uploadApp(box, version, hook);
    for (const version of ['1', '2']) {
      const child = startChild(box, { request: request(version), clockMs: year, isJumping: true });
      expect(await outcome(child)).toEqual({ isKilled: false });
      expect(liveVersion(box)).toBe(version);
    }
    const records = path.join(box.root, '.strata-agent/records');
    const results = fs
      .readdirSync(records)
      .map((name) => JSON.parse(fs.readFileSync(path.join(records, name), 'utf8')).result);
    expect(results).toEqual(['done', 'done']);
    await withAgent(box, {}, (agent) => checkInvariant(agent, box));
  });
});
