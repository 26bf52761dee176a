import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArchiveCache, archiveCache } from '../../../agent/artifacts/archiveCache.ts';
import type { HealthGate } from '../../../agent/deploy/health/gate.ts';
import type { DeploymentState } from '../../../protocol/deployment.ts';
import { newFolder, tamper, versionFile } from '../../support/repository.ts';
import {
  deploy,
  ended,
  eventsUntil,
  type Files,
  fileThere,
  leftovers,
  liveVersion,
  me,
  newBox,
  releaseNames,
  story,
  type TestBox,
  type TestOptions,
  uploadApp,
  withAgent,
} from '../support/box.ts';

/** Deploys version 1, then 2 with these files; tells how that ended and what is live. */
async function secondOf(files: Files, options: TestOptions = {}, box: TestBox = newBox()) {
  await uploadApp(box, '1', { 'deploy/hooks/deployed': 'echo $STRATA_HOOK of $STRATA_VERSION in $PWD' });
  await uploadApp(box, '2', files);
  return await withAgent(box, options, async (agent) => {
    await deploy(agent, { version: '1' });
    const second = await deploy(agent, { version: '2' });
    const told = await story(agent, second.id);
    const { live, previous } = await agent.app('shop');
    expect(leftovers(box)).toEqual([]);
    expect(liveVersion(box) ?? null).toBe(live);
    return { ...second, told, live, previous, box };
  });
}

describe('a deployment fails before it is committed', () => {
  it.each([
    ['when its hook does', 'echo so; exit 4', /hook prepare failed with exit code 4/],
    ['when its hook is killed', 'kill -9 $PPID $$', /hook prepare was killed/],
    ['when its hook ends by a signal', 'kill -15 $$', /hook prepare was ended by signal 15/],
  ])('%s', async (_, hook, reason) => {
    const { result, reason: why, live, box } = await secondOf({ 'deploy/hooks/prepare': hook });
    expect({ result, live }).toEqual({ result: 'failed', live: '1' });
    expect(why).toMatch(reason);
    expect(releaseNames(box)).toEqual(['1']);
  });

  it('when its hook takes too long, or writes too much', async () => {
    const slow = { 'deploy/hooks/prepare': 'trap "" TERM; mkfifo never; read -r line <never' };
    expect((await secondOf(slow, { app: { hookTimeoutMs: 200 } })).reason).toMatch(/took longer than 0.2 s/);
    const loud = { 'deploy/hooks/prepare': 'while :; do echo much; done' };
    const { reason } = await secondOf(loud, { app: { hookOutput: 100_000, hookTimeoutMs: 30_000 } });
    expect(reason).toMatch(/wrote over 100 kB/);
  });

  it('when its artifact is not signed, altered, or no archive', async () => {
    const box = newBox();
    await uploadApp(box, '1', {}, { isSigned: false });
    await uploadApp(box, '2');
    tamper(versionFile(box.store, '2'), (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]));
    await uploadApp(box, '3', {}, { top: 'mail' });
    await withAgent(box, {}, async (agent) => {
      const reasons = [];
      for (const version of ['1', '2', '3', '4']) reasons.push((await deploy(agent, { version })).reason);
      expect(reasons).toEqual([
        expect.stringContaining('not signed'),
        expect.stringContaining('altered'),
        expect.stringContaining('mail'),
        expect.stringContaining('no version 4'),
      ]);
      expect(await agent.app('shop')).toMatchObject({ live: null, releases: [] });
    });
  });

  it('when a step does, which takes back what it did', async () => {
    const side = path.join(newFolder(), 'unit');
    const step = {
      name: 'units',
      applies: () => true,
      plan: async () => ({}),
      prepare: async ({ version }: { version: string }) => {
        fs.writeFileSync(side, version);
        if (version === '2') throw new Error('no room for units');
      },
      restore: async () => fs.writeFileSync(side, 'restored'),
    };
    expect(await secondOf({}, { steps: [step] })).toMatchObject({
      result: 'failed',
      reason: 'no room for units',
    });
    expect(fs.readFileSync(side, 'utf8')).toBe('restored');
  });
});

describe('a deployment goes back by itself', () => {
  it('when its hook fails behind the switch, with what steps changed', async () => {
    const side = path.join(newFolder(), 'unit');
    const step = {
      name: 'units',
      applies: () => true,
      plan: async () => ({}),
      deployed: async ({ version }: { version: string }) => fs.writeFileSync(side, version),
      restore: async () => fs.writeFileSync(side, '1'),
    };
    const { told, box, ...second } = await secondOf({ 'deploy/hooks/deployed': 'exit 3' }, { steps: [step] });
    expect(second).toMatchObject({ result: 'rolled_back', live: '1', previous: null });
    expect(second.reason).toMatch(/hook deployed failed with exit code 3.*; 1 is live again/);
    expect(told.slice(-5)).toEqual([
      ...['activated', 'rolling_back', `restored stdout: restored of 1 in ${box.root}/shop/versions/1`],
      ...['rolled_back', 'end rolled_back'],
    ]);
    expect(fs.readFileSync(side, 'utf8')).toBe('1');
  });

  it('to nothing where nothing was live', async () => {
    const box = newBox();
    await uploadApp(box, '1', { 'deploy/hooks/deployed': 'exit 3' });
    await withAgent(box, {}, async (agent) => {
      expect(await deploy(agent)).toMatchObject({ result: 'rolled_back' });
      expect(await agent.app('shop')).toMatchObject({ live: null, previous: null });
    });
  });

  it('and says so where the release before fails, too', async () => {
    const box = newBox();
    const once = 'test -e ../../seen && exit 7; touch ../../seen';
    await uploadApp(box, '1', { 'deploy/hooks/deployed': once });
    await uploadApp(box, '2', { 'deploy/hooks/deployed': 'exit 3' });
    await withAgent(box, {}, async (agent) => {
      await deploy(agent, { version: '1' });
      const { result, reason } = await deploy(agent, { version: '2' });
      expect(result).toBe('failed');
      expect(reason).toMatch(/exit code 3.*not wholly restored: the hook deployed failed with exit code 7/);
      expect(liveVersion(box)).toBe('1');
    });
  });

  it('when it is not healthy in time', async () => {
    const health: HealthGate = {
      check: { kind: 'command', command: ['test', '-e', 'healthy'] },
      deadlineMs: 300,
      intervalMs: 20,
    };
    const box = newBox();
    await uploadApp(box, '1', { healthy: '' });
    await uploadApp(box, '2');
    await withAgent(box, { app: { health } }, async (agent) => {
      expect(await deploy(agent, { version: '1' })).toMatchObject({ result: 'done' });
      const second = await deploy(agent, { version: '2' });
      expect(second).toMatchObject({
        result: 'rolled_back',
        reason: expect.stringContaining('not healthy after 0.3 s'),
      });
      expect(await story(agent, second.id)).toContain('health false');
    });
  });
});

describe('the health gate', () => {
  it('asks by HTTP until the app has been healthy for long enough', async () => {
    const answers = [503, 200, 500];
    let asked = 0;
    const server = http.createServer((_, answer) => answer.writeHead(answers[asked++] ?? 200).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const check = { kind: 'http', url: `http://127.0.0.1:${port}/` } as const;
    const health = { check, minHealthyMs: 60, intervalMs: 20 };
    const { told, result } = await secondOf({}, { app: { health } });
    server.close();
    expect(result).toBe('done');
    expect(asked).toBeGreaterThan(5);
    expect(told.filter((one) => one.startsWith('health '))).toEqual(['health true']);
  });

  it('asks a port', async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const check = { kind: 'tcp', host: '127.0.0.1', port } as const;
    expect(await secondOf({}, { app: { health: { check } } })).toMatchObject({ result: 'done' });
    server.close();
    const gone = await secondOf({}, { app: { health: { check, deadlineMs: 0, intervalMs: 10 } } });
    expect(gone.reason).toMatch(/ECONNREFUSED/);
  });
});

describe('a deployment that is cancelled', () => {
  const waiting = (gate: string) => `mkfifo ${gate}; read -r line <${gate}`;

  it.each([
    ['prepare', 'failed'],
    ['deployed', 'rolled_back'],
  ])('in its hook %s ends as %s', async (hook, result) => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1');
    await uploadApp(box, '2', { [`deploy/hooks/${hook}`]: waiting(gate) });
    await withAgent(box, {}, async (agent) => {
      await deploy(agent, { version: '1' });
      const { id } = await agent.deploy({ app: 'shop', version: '2' }, me, undefined);
      await fileThere(gate);
      await agent.cancel(id, { name: 'bob' });
      expect(await ended(agent, id)).toMatchObject({
        result,
        reason: expect.stringContaining('bob cancelled it'),
      });
      expect(liveVersion(box)).toBe('1');
      expect(leftovers(box)).toEqual([]);
      await agent.cancel(id, me);
    });
  });

  const early: DeploymentState[] = [
    'locked',
    'fetched',
    'verified',
    'extracted',
    'prepared',
    'committed',
    'activated',
  ];
  it.each(early)('when it is %s ends well, and the next one works', async (state) => {
    const box = newBox();
    await uploadApp(box, '1');
    await uploadApp(box, '2');
    await withAgent(box, {}, async (agent) => {
      await deploy(agent, { version: '1' });
      const { id } = await agent.deploy({ app: 'shop', version: '2' }, me, undefined);
      await eventsUntil(agent, id, (event) => event.type === 'state' && event.state === state);
      await agent.cancel(id, me);
      const { result } = await ended(agent, id);
      expect(['failed', 'rolled_back', 'done']).toContain(result);
      expect(liveVersion(box)).toBe(result === 'done' ? '2' : '1');
      expect(await deploy(agent, { version: '2' })).toMatchObject({ result: 'done' });
    });
  });

  it('while it waits for its turn leaves the one that runs what it has fetched', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    const cache = archiveCache(path.join(newFolder(), 'archives'));
    const gate = new EventEmitter();
    const [isFetched, goOn] = [once(gate, 'fetched'), once(gate, 'go')];
    const archives: ArchiveCache = {
      ...cache,
      async take(artifact, file, signal) {
        await cache.fetch(box.repository, artifact, file, signal);
        gate.emit('fetched');
        await goOn;
        return true;
      },
    };
    await withAgent(box, { archives }, async (agent) => {
      const first = await agent.deploy({ app: 'shop' }, me, undefined);
      const second = await agent.deploy({ app: 'shop', busy: 'wait' }, me, undefined);
      await isFetched;
      await agent.cancel(second.id, me);
      expect(await ended(agent, second.id)).toMatchObject({ result: 'failed', reason: 'ann cancelled it' });
      gate.emit('go');
      expect(await ended(agent, first.id)).toMatchObject({ result: 'done', reason: null });
    });
  });

  it('while it waits for its turn never begins', async () => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1', { 'deploy/hooks/prepare': waiting(gate) });
    await withAgent(box, {}, async (agent) => {
      const first = await agent.deploy({ app: 'shop' }, me, undefined);
      const second = await agent.deploy({ app: 'shop', busy: 'wait' }, me, undefined);
      await agent.cancel(second.id, me);
      expect(await ended(agent, second.id)).toMatchObject({ result: 'failed', reason: 'ann cancelled it' });
      await fileThere(gate);
      fs.writeFileSync(gate, 'go\n');
      expect(await ended(agent, first.id)).toMatchObject({ result: 'done' });
    });
  });
});
