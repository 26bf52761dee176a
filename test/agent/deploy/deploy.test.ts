import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import { isRoot } from '../../artifact/support/folders.ts';
import { newFolder } from '../../support/repository.ts';
import {
  agentOptions,
  deploy,
  ended,
  eventsUntil,
  fileThere,
  leftovers,
  liveVersion,
  me,
  newBox,
  releaseNames,
  story,
  uploadApp,
  withAgent,
} from '../support/box.ts';

describe('a deployment', () => {
  it('makes a release live, from the latest version, with its hooks', async () => {
    const box = newBox();
    await uploadApp(box, '1', {
      'deploy/hooks/prepare':
        'echo "$STRATA_APP $STRATA_VERSION $STRATA_ENVIRONMENT"; echo made >made.txt; echo no >&2',
      'deploy/hooks/deployed': 'cat "$STRATA_ROOT/shop/live/made.txt"; test "$PWD" = "$STRATA_RELEASE"',
    });
    await withAgent(box, {}, async (agent) => {
      const { id, ...deployment } = await deploy(agent);
      expect(deployment).toMatchObject({
        ...{ action: 'deploy', app: 'shop', channel: 'master', version: '1', previous: null },
        ...{ state: 'done', result: 'done', user: 'ann', reason: null },
      });
      const told = await story(agent, id);
      expect(told.filter((one) => !one.includes('stderr'))).toEqual([
        ...[
          'accepted',
          'locked',
          'fetched',
          'verified',
          'extracted',
          'prepare stdout: shop 1 qa',
          'prepared',
        ],
        ...['committed', 'activated', 'deployed stdout: made', 'healthy', 'done', 'end done'],
      ]);
      expect(told).toContain('prepare stderr: no');
      expect(liveVersion(box)).toBe('1');
      expect(fs.readlinkSync(`${box.root}/shop/live`)).toBe('versions/1');
      expect(leftovers(box)).toEqual([]);
      expect(await agent.app('shop')).toMatchObject({ live: '1', previous: null, running: null });
    });
  });

  it('knows the release before, and goes back to it without asking the repository', async () => {
    const box = newBox();
    await withAgent(box, {}, async (agent) => {
      for (const version of ['1', '2']) {
        await uploadApp(box, version);
        await deploy(agent);
      }
      expect(await agent.app('shop')).toMatchObject({ live: '2', previous: '1' });
      fs.rmSync(box.store, { recursive: true });
      const back = await deploy(agent, { rollback: true });
      expect(back).toMatchObject({ action: 'rollback', version: '1', previous: '2', result: 'done' });
      expect(await agent.app('shop')).toMatchObject({ live: '1', previous: '2' });
      expect((await agent.apps()).map(({ app }) => app)).toEqual(['shop']);
    });
  });

  it('of what is live is no work, unless it is forced: then it is another release', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    await withAgent(box, {}, async (agent) => {
      await deploy(agent);
      expect(await deploy(agent)).toMatchObject({
        result: 'done',
        reason: '1 is live already: nothing was done',
      });
      expect(releaseNames(box)).toEqual(['1']);
      expect(await deploy(agent, { force: true })).toMatchObject({ result: 'done', reason: null });
      expect(releaseNames(box)).toEqual(['1', '1~2']);
      expect(await agent.app('shop')).toMatchObject({ live: '1', previous: '1' });
    });
  });

  it('goes back to the release before of the same version, too, and knows all of them by their version', async () => {
    const box = newBox();
    for (const version of ['1', '2']) await uploadApp(box, version);
    const live = () => path.basename(fs.readlinkSync(path.join(box.root, 'shop/live')));
    await withAgent(box, { app: { keep: 0 } }, async (agent) => {
      await deploy(agent, { version: '1' });
      await deploy(agent, { version: '1', force: true });
      expect(live()).toBe('1~2');
      expect(await deploy(agent, { rollback: true })).toMatchObject({ version: '1', result: 'done' });
      expect(live()).toBe('1');
      const { releases } = await agent.app('shop');
      expect(releases.map(({ version }) => version)).toEqual(['1', '1']);
      await deploy(agent, { version: '2' });
      expect(releaseNames(box)).toEqual(['1', '2']);
      await deploy(agent, { version: '1', force: true });
      expect(releaseNames(box)).toEqual(['1~2', '2']);
      await deploy(agent, { version: '2' });
      expect(releaseNames(box)).toEqual(['1~2', '2~2']);
      expect(await deploy(agent, { version: '1', rollback: true })).toMatchObject({ previous: '2' });
      expect(live()).toBe('1~2');
      expect(await agent.app('shop')).toMatchObject({ live: '1', previous: '2' });
      const again = await deploy(agent, { version: '1', rollback: true, force: true });
      expect(again).toMatchObject({ result: 'done' });
      expect(await agent.app('shop')).toMatchObject({ live: '1', previous: '2' });
    });
  });

  it('keeps the live release, the one before, and as many others as are wanted', async () => {
    const box = newBox();
    await withAgent(box, { app: { keep: 1 } }, async (agent) => {
      for (const version of ['1', '2', '3', '4']) {
        await uploadApp(box, version);
        await deploy(agent, { version });
      }
      expect(releaseNames(box)).toEqual(['2', '3', '4']);
      expect(await agent.gc('shop', { keep: 0 })).toEqual(['2']);
      expect(releaseNames(box)).toEqual(['3', '4']);
    });
  });

  it('drops virtualenvs that no release leads to', async () => {
    const box = newBox();
    const link =
      'mkdir -p "$STRATA_ROOT/shop/virtualenvs/$STRATA_VERSION"; ln -s ../../virtualenvs/$STRATA_VERSION virtualenv';
    await withAgent(box, { app: { keep: 0 } }, async (agent) => {
      for (const version of ['1', '2', '3']) {
        // The staging folder is two folders deeper than the release will be: the link leads astray until then.
        await uploadApp(box, version, { 'deploy/hooks/prepare': link });
        await deploy(agent, { version });
      }
      expect(fs.readdirSync(`${box.root}/shop/virtualenvs`)).toEqual(['2', '3']);
    });
  });

  // Only root may act as another user: run the tests as root to have this.
  it.skipIf(!isRoot)('has its hooks run as the app’s user, who owns the release', async () => {
    const box = newBox();
    for (const folder of [box.root, path.dirname(box.root)]) fs.chmodSync(folder, 0o755);
    await uploadApp(box, '1', {
      'deploy/hooks/prepare': 'echo $(id -u) $(id -G) >>version.txt; echo here >new.txt',
    });
    await withAgent(box, { app: { user: { uid: 65534, gid: 65534 } } }, async (agent) => {
      expect(await deploy(agent)).toMatchObject({ result: 'done' });
      expect(liveVersion(box)).toBe('165534 65534\n');
      const owners = ['.', 'new.txt', 'version.txt'].map(
        (name) => fs.statSync(`${box.root}/shop/live/${name}`).uid,
      );
      expect(owners).toEqual([65534, 65534, 65534]);
    });
  });

  it('is told to others when it begins and when it ends', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    const heard: string[] = [];
    const tell = async ({ state, result }: { state: string; result: unknown }, when: string) => {
      heard.push(`${when} ${state} ${result}`);
      throw new Error('nobody is there');
    };
    await withAgent(box, { tell }, async (agent) => {
      expect(await deploy(agent)).toMatchObject({ result: 'done' });
      expect(heard).toEqual(['start locked null', 'end done done']);
    });
  });

  it('takes a hook’s secret out of its lines', async () => {
    const box = newBox();
    await uploadApp(box, '1', {
      'deploy/hooks/prepare': 'echo "::add-mask::hunter2"; echo "it is hunter2!"',
    });
    await withAgent(box, {}, async (agent) => {
      const { id } = await deploy(agent);
      expect((await story(agent, id)).filter((one) => one.startsWith('prepare '))).toEqual([
        'prepare stdout: it is ***!',
      ]);
    });
  });

  it('does the steps around the hooks, in their order', async () => {
    const box = newBox();
    await uploadApp(box, '1', { 'deploy/hooks/prepare': 'cat configuration.json' });
    const steps = [
      {
        name: 'configuration',
        applies: () => true,
        plan: async () => ({}),
        prepare: async ({ release }: { release: string }) =>
          fs.writeFileSync(path.join(release, 'configuration.json'), '{"a": 1}'),
      },
      {
        name: 'units',
        applies: ({ config }: { config: Readonly<Record<string, unknown>> }) => config.a === 1,
        plan: async () => ({}),
        deployed: async ({ log }: { log(text: string, stream?: 'stdout'): void }) => log('started', 'stdout'),
      },
    ];
    await withAgent(box, { steps }, async (agent) => {
      const { id } = await deploy(agent);
      const told = await story(agent, id);
      expect(told).toContain('prepare stdout: {"a": 1}');
      expect(told).toContain('units stdout: started');
    });
  });
});

describe('two deployments', () => {
  it('of one app do not go on at once: the second is refused, or waits', async () => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1', { 'deploy/hooks/prepare': `mkfifo ${gate}; read -r line <${gate}` });
    await uploadApp(box, '2');
    await withAgent(box, {}, async (agent) => {
      const first = await agent.deploy({ app: 'shop', version: '1' }, me, undefined);
      await fileThere(gate);
      const refused = agent.deploy({ app: 'shop', version: '2' }, { name: 'bob' }, undefined);
      await expect(refused).rejects.toMatchObject({
        code: 'busy',
        details: { owner: { deployment: first.id, user: 'ann', what: 'deploy shop 1' } },
      });
      await expect(agent.gc('shop', {})).rejects.toMatchObject({ code: 'busy' });
      const second = await agent.deploy({ app: 'shop', version: '2', busy: 'wait' }, me, undefined);
      expect(second.state).toBe('accepted');
      expect(await agent.app('shop')).toMatchObject({ live: null, running: first.id });
      fs.writeFileSync(gate, 'go\n');
      expect(await ended(agent, first.id)).toMatchObject({ result: 'done' });
      expect(await ended(agent, second.id)).toMatchObject({ result: 'done', previous: '1' });
      expect(liveVersion(box)).toBe('2');
    });
  });

  it('of several apps go on at once', async () => {
    const box = newBox();
    const meet = newFolder();
    for (const [app, other] of [
      ['shop', 'mail'],
      ['mail', 'shop'],
    ] as const) {
      const hook = `mkfifo ${meet}/${app} 2>/dev/null; mkfifo ${meet}/${other} 2>/dev/null; echo >${meet}/${other} & read -r x <${meet}/${app}`;
      await uploadApp(box, '1', { 'deploy/hooks/prepare': hook }, { app });
    }
    await withAgent(box, {}, async (agent) => {
      const both = await Promise.all([deploy(agent), deploy(agent, { app: 'mail' })]);
      expect(both.map(({ result }) => result)).toEqual(['done', 'done']);
    });
  });

  it('with one key are one', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    const request = { app: 'shop', version: '1' };
    const id = await withAgent(box, {}, async (agent) => {
      const both = await Promise.all([agent.deploy(request, me, 'k1'), agent.deploy(request, me, 'k1')]);
      expect(both[0].id).toBe(both[1].id);
      await expect(agent.deploy({ app: 'shop' }, me, 'k1')).rejects.toMatchObject({ code: 'moved' });
      return both[0].id;
    });
    await withAgent(box, {}, async (agent) => {
      expect(await agent.deploy(request, me, 'k1')).toMatchObject({ id, result: 'done' });
      const other = await agent.deploy(request, { name: 'bob' }, 'k1');
      expect(other.id).not.toBe(id);
      await ended(agent, other.id);
      expect((await agent.deployments({ app: 'shop' })).map((one) => one.id)).toEqual([other.id, id]);
    });
  });
});

describe('an agent', () => {
  it('has its root to itself', async () => {
    const box = newBox();
    await withAgent(box, {}, async () => {
      await expect(startAgent(agentOptions(box))).rejects.toMatchObject({ code: 'busy' });
    });
    await withAgent(box, {}, async (agent) => expect(await agent.apps()).toEqual([]));
  });

  it('refuses what cannot be', async () => {
    const box = newBox();
    await withAgent(box, {}, async (agent) => {
      for (const request of [
        { app: '../x' },
        { app: 'shop', version: 'unpack' },
        { app: 'shop', channel: 'a/b' },
      ]) {
        await expect(agent.deploy(request, me, undefined)).rejects.toMatchObject({ code: 'invalid' });
      }
      await expect(agent.deploy({ app: 'shop' }, me, 'é')).rejects.toMatchObject({ code: 'invalid' });
      await expect(agent.deploy({ app: 'shop' }, me, undefined)).rejects.toMatchObject({ code: 'missing' });
      await expect(agent.deploy({ app: 'shop', rollback: true }, me, undefined)).rejects.toMatchObject({
        code: 'missing',
      });
      await expect(agent.deployment('x')).rejects.toMatchObject({ code: 'missing' });
      await expect(agent.app('shop')).rejects.toMatchObject({ code: 'missing' });
      await expect(agent.gc('shop', {})).rejects.toMatchObject({ code: 'missing' });
    });
  });

  it('refuses what was planned for a box that has moved since', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    const plan = async () => ({ digest: 'sha256:new' }) as never;
    await withAgent(box, { plan }, async (agent) => {
      const old = agent.deploy({ app: 'shop', plan: 'sha256:old' }, me, undefined);
      await expect(old).rejects.toMatchObject({ code: 'moved', details: { digest: 'sha256:new' } });
      expect(await deploy(agent, { plan: 'sha256:new' })).toMatchObject({ result: 'done' });
    });
  });

  it('that is drained lets what runs end, and takes nothing new', async () => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1', { 'deploy/hooks/prepare': `mkfifo ${gate}; read -r line <${gate}` });
    const agent = await startAgent(agentOptions(box));
    const first = await agent.deploy({ app: 'shop' }, me, undefined);
    const second = await agent.deploy({ app: 'shop', busy: 'wait' }, me, undefined);
    await fileThere(gate);
    const drained = agent.drain();
    await expect(agent.deploy({ app: 'mail' }, me, undefined)).rejects.toMatchObject({ code: 'unavailable' });
    fs.writeFileSync(gate, 'go\n');
    await drained;
    expect(await agent.deployment(second.id)).toMatchObject({ state: 'accepted', result: null });
    expect(await agent.deployment(first.id)).toMatchObject({ result: 'done' });
  });

  it('tells events from any number on, of old deployments too', async () => {
    const box = newBox();
    await uploadApp(box, '1');
    const id = await withAgent(box, {}, async (agent) => (await deploy(agent)).id);
    await withAgent(box, {}, async (agent) => {
      const all = await eventsUntil(agent, id, ({ type }) => type === 'end');
      expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
      expect(await agent.deployment(id)).toMatchObject({ lastEvent: all.length, result: 'done' });
    });
  });
});
