import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../agent/deploy/step.ts';
import { AgentError } from '../../../agent/failure.ts';
import { checkPlan } from '../../../agent/plan/digest.ts';
import { liveConfig } from '../../../agent/plan/liveConfig.ts';
import { makePlan } from '../../../agent/plan/plan.ts';
import { sweepPlans } from '../../../agent/plan/temporary.ts';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { isRoot, onSmallDisk, treeOf } from '../../artifact/support/folders.ts';
import { tamper } from '../../support/repository.ts';
import { writeFile } from '../../support/workspaceFiles.ts';
import { publish, type TestBox, testBox } from '../support/planBox.ts';

const central = `
//- /common.yaml
common:
  db: {host: db.int, password: alt}
  url: "https://app:geheim@db.int/x"
//- /common-production.yaml
common:
  db.host: db.prod
`;

const release = `
//- /deploy/configuration/shop-default.yaml
shop: {title: Shop, sizes: [1, 2], old: true}
//- /deploy/configuration/public-data.yaml
- shop.title
//- /deploy/hooks/prepare
#!/bin/sh
//- /README
text
//- /static/big
many bytes
`;

const next = release.replace('Shop, sizes: [1, 2], old: true', 'Laden, sizes: [1, 3], fee: 1.0');

const { signal } = new AbortController();
const plan = (box: TestBox, more: Partial<DeploymentRequest> = {}) =>
  makePlan(box, { app: 'shop', ...more }, signal);

/** A box on which version 1 is live, and a repository that has 2 as well. */
async function deployed(more: Parameters<typeof testBox>[0] = {}): Promise<TestBox> {
  const box = testBox(more);
  await publish(box.repository, { app: 'configs', version: '1', files: central });
  const commit = (sha: string) => ({ commit: sha, commit_msg: `Work of ${sha}` });
  await publish(box.repository, { app: 'shop', version: '1', files: release, metadata: commit('aaa') });
  await publish(box.repository, { app: 'shop', version: '2', files: next, metadata: commit('bbb') });
  await box.deploy('shop', '1', release);
  return box;
}

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AgentError)) throw error ?? new Error('it worked');
  return error;
}

describe('a plan', () => {
  it('tells what would change, and where it comes from', async () => {
    const box = await deployed();
    await publish(box.repository, {
      ...{ app: 'shop', version: '3', files: next, compression: 'gzip' },
      metadata: { commit: 'ccc', commit_msg: 'Work of ccc' },
    });
    const changed = central
      .replace('password: alt', 'password: neu')
      .replace('db.host: db.prod', 'db: {host: db2}');
    await publish(box.repository, { app: 'configs', version: '2', files: changed });
    const { digest, files, ...told } = await plan(box);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const hash = expect.stringMatching(/^"sha256:[0-9a-f]{32}"$/);
    expect(told).toEqual({
      ...{ app: 'shop', channel: 'master', from: '1', to: '3', isNoOp: false },
      commits: [
        { sha: 'ccc', text: 'Work of ccc' },
        { sha: 'bbb', text: 'Work of bbb' },
      ],
      config: [
        {
          setting: 'common.db.host',
          ...{ old: '"db.prod"', new: '"db2"', layer: 'configs/common-production.yaml:2:8' },
        },
        { setting: 'common.db.password', old: hash, new: hash, layer: 'configs/common.yaml:2:22' },
        {
          setting: 'shop.title',
          ...{ old: '"Shop"', new: '"Laden"', layer: 'deploy/configuration/shop-default.yaml:1:8' },
        },
        {
          setting: 'shop.sizes',
          ...{ old: '[1, 2]', new: '[1, 3]', layer: 'deploy/configuration/shop-default.yaml:1:22' },
        },
        {
          setting: 'shop.fee',
          ...{ old: null, new: '1.0', layer: 'deploy/configuration/shop-default.yaml:1:37' },
        },
        {
          setting: 'shop.old',
          ...{ old: 'true', new: null, layer: 'deploy/configuration/shop-default.yaml:1:36' },
        },
      ],
      place: { environment: 'production', cluster: 'us', hostname: null },
      ...{
        units: [],
        vhosts: [],
        restarts: [],
        migrations: [],
        hooks: ['prepare'],
        notes: [],
        obstacles: [],
      },
    });
    expect(files.map((one) => one.path)).toEqual(['configuration.json', 'configuration_public.json']);
    expect(files[1]?.diff).toMatchInlineSnapshot(`
      "--- configuration_public.json
      +++ configuration_public.json
      @@ -1,5 +1,5 @@
       {
           "shop": {
      -        "title": "Shop"
      +        "title": "Laden"
           }
       }
      "
    `);
    expect(JSON.stringify(files)).not.toMatch(/geheim|alt"|neu"/);
    for (const sign of ['-', '\\+']) {
      expect(files[0]?.diff).toMatch(new RegExp(`^${sign} +"password": "sha256:[0-9a-f]{32}"$`, 'm'));
    }
  });

  it('changes nothing on the box, and leaves nothing behind', async () => {
    const box = await deployed();
    await publish(box.repository, { app: 'configs', version: '2', files: central });
    const look = () => [treeOf(box.root), treeOf(box.temporary), treeOf(box.repository.folder)];
    const before = look();
    await plan(box);
    await plan(box, { version: '1', force: true });
    await checkPlan(box, { app: 'shop', plan: (await plan(box)).digest }, signal);
    expect(look()).toEqual(before);
  });

  it('cleans up where it is cancelled, at whatever moment', async () => {
    const box = await deployed();
    const { repository } = box;
    const before = [treeOf(box.root), treeOf(box.temporary)];
    let calls = 0;
    const count = async () => {
      calls = 0;
      await plan(box);
      return calls;
    };
    let stopAt = Number.POSITIVE_INFINITY;
    let stop = new AbortController();
    const tick = () => {
      if (++calls === stopAt) stop.abort();
    };
    const { store } = repository;
    const ticking =
      <A extends unknown[], R>(call: (...args: A) => R) =>
      (...args: A) => {
        tick();
        return call(...args);
      };
    box.repository = {
      ...repository,
      store: {
        ...store,
        head: ticking(store.head),
        get: ticking(store.get),
        list: ticking(store.list),
      },
    };
    const most = await count();
    expect(most).toBeGreaterThan(10);
    for (stopAt = 1; stopAt <= most; stopAt++) {
      calls = 0;
      stop = new AbortController();
      const error = await failure(makePlan(box, { app: 'shop' }, stop.signal));
      expect([stopAt, error.code]).toEqual([stopAt, 'cancelled']);
      expect([treeOf(box.root), treeOf(box.temporary)]).toEqual(before);
    }
    const early = AbortSignal.abort();
    expect((await failure(makePlan(box, { app: 'shop' }, early))).code).toBe('cancelled');
  });

  it('unpacks only what it needs', async () => {
    const seen: string[][] = [];
    const step: Step = {
      name: 'look',
      applies: () => true,
      reads: (name) => name === 'static/wanted',
      plan: async ({ release: folder, previous, config }) => {
        seen.push(fs.readdirSync(folder, { recursive: true }).map(String).sort());
        expect(previous).toMatch(/shop\/versions\/1$/);
        expect(config).toMatchObject({ shop: { title: 'Laden' } });
        return { restarts: ['shop.service'], migrations: ['0002_more'], obstacles: ['no nginx'] };
      },
    };
    const box = await deployed({ steps: [step] });
    const files = `${next}//- /static/wanted\nx\n`;
    await publish(box.repository, { app: 'shop', version: '3', files });
    expect(await plan(box)).toMatchObject({
      ...{ restarts: ['shop.service'], migrations: ['0002_more'], obstacles: ['no nginx'] },
    });
    expect(seen).toEqual([
      [
        ...['README', 'deploy', 'deploy/configuration', 'deploy/configuration/public-data.yaml'],
        ...['deploy/configuration/shop-default.yaml', 'deploy/hooks', 'deploy/hooks/prepare'],
        ...['static', 'static/wanted'],
      ],
    ]);
  });

  it('is made of the first release too, and of none at all', async () => {
    const box = testBox();
    expect((await failure(plan(box))).code).toBe('missing');
    await publish(box.repository, { app: 'configs', version: '1', files: '//- /x\n\n' });
    const metadata = { commit: 'aaa', commit_msg: 'First' };
    await publish(box.repository, { app: 'shop', version: '1', files: '//- /x\n\n', metadata });
    const { config, files, ...first } = await plan(box);
    expect(first).toMatchObject({ from: null, to: '1', commits: [{ sha: 'aaa', text: 'First' }], hooks: [] });
    expect(config).toEqual([{ setting: 'yoconfigurator.app', old: null, new: '"shop"', layer: '' }]);
    expect(files[0]?.diff).toMatch(/^--- \/dev\/null\n\+\+\+ configuration.json\n@@ -0,0 \+1,5 @@\n\+\{/);
  });

  it('tells that nothing would be done', async () => {
    const box = await deployed();
    expect(await plan(box, { version: '1' })).toMatchObject({
      ...{ isNoOp: true, from: '1', to: '1', commits: [], config: [], files: [], hooks: [] },
    });
    expect(await plan(box, { version: '1', force: true })).toMatchObject({
      isNoOp: false,
      hooks: ['prepare'],
    });
  });

  it('tells of a rollback what comes back', async () => {
    const box = await deployed();
    await box.deploy('shop', '2', next);
    const back = await plan(box, { rollback: true });
    expect(back).toMatchObject({ from: '2', to: '1', commits: [{ sha: 'bbb' }], obstacles: [] });
    expect(back.config.map((one) => [one.setting, one.old, one.new, one.layer])).toEqual([
      ['shop.title', '"Laden"', '"Shop"', 'deploy/configuration/shop-default.yaml:1:8'],
      ['shop.sizes', '[1, 3]', '[1, 2]', 'deploy/configuration/shop-default.yaml:1:21'],
      ['shop.old', null, 'true', 'deploy/configuration/shop-default.yaml:1:36'],
      ['shop.fee', '1.0', null, 'deploy/configuration/shop-default.yaml:1:37'],
    ]);
    expect((await failure(plan(box, { rollback: true, version: '7' }))).code).toBe('missing');
    expect(await plan(box, { rollback: true, version: '1' })).toMatchObject({ config: back.config });
    const empty = await deployed();
    expect(await failure(plan(empty, { rollback: true }))).toMatchObject({
      message: 'shop has no release to go back to: name a version',
    });
    // What is no longer on the box is fetched.
    expect(await plan(empty, { rollback: true, version: '2' })).toMatchObject({
      to: '2',
      hooks: ['prepare'],
    });
  });
});

describe('an obstacle', () => {
  it('is an app that somebody else has', async () => {
    const owner = { deployment: 'd1', user: 'ann', since: 0, what: 'deploy shop 2' };
    const box = await deployed({ busy: async () => owner });
    expect((await plan(box)).obstacles).toEqual([
      'shop is busy: deploy shop 2, by ann since 1970-01-01T00:00:00.000Z',
    ]);
  });

  it('is an artifact that nobody signed, and one that was altered', async () => {
    const box = await deployed();
    const series = path.join(box.repository.folder, 'shop/master/shop.tar.gz');
    writeFile(series, '3', 'bytes');
    expect(await plan(box, { version: '3' })).toMatchObject({
      ...{ to: '3', config: [], hooks: [], isNoOp: false },
      obstacles: [expect.stringContaining('shop/master 3 is refused: it is not signed')],
    });
    tamper(path.join(series, '2'), (bytes) => bytes.map((byte, at) => (at === 50 ? byte ^ 1 : byte)));
    const { obstacles, config } = await plan(box);
    expect(obstacles).toEqual([expect.stringContaining('its bytes were altered')]);
    expect(config).toEqual([]);
  });

  it('is a configuration that cannot be, by its place', async () => {
    const box = await deployed();
    await publish(box.repository, { app: 'shop', version: '3', files: next.replace('Laden', '!missing') });
    const { obstacles, hooks, config } = await plan(box);
    expect(obstacles).toEqual([
      'shop has no configuration for production/us:\n' +
        'deploy/configuration/shop-default.yaml:1:15: missing-value: shop.title: no layer gives this value',
    ]);
    expect([hooks, config]).toEqual([['prepare'], []]);
  });

  it.skipIf(!isRoot)(
    'is too little room, for the release or for the plan itself (mounting needs root)',
    async () => {
      const box = await deployed();
      const files = `${next}//- /static/more\n${randomBytes(1_500_000).toString('hex')}\n`;
      await publish(box.repository, { app: 'shop', version: '3', files });
      await onSmallDisk(3 * 1024 * 1024, async (small) => {
        const { obstacles, config } = await plan({ ...box, root: small });
        expect(obstacles).toEqual([
          expect.stringMatching(/^too little room in .*: 4\.\d+ MB are needed, 3\.\d+ MB are free$/),
        ]);
        expect(config).not.toEqual([]);
      });
      await onSmallDisk(1024 * 1024, async (small) => {
        const { obstacles } = await plan({ ...box, temporary: small });
        expect(obstacles).toEqual([expect.stringMatching(/full|no space left/)]);
        expect(fs.readdirSync(small)).toEqual([]);
      });
    },
  );

  it('is central config that is not there', async () => {
    const box = await deployed();
    expect((await plan(box, { configs: '7' })).obstacles).toEqual([
      expect.stringContaining('there is no version 7 of configs'),
    ]);
  });
});

describe('the digest of a plan', () => {
  const check = (box: TestBox, digest: string, more: Partial<DeploymentRequest> = {}) =>
    checkPlan(box, { app: 'shop', plan: digest, ...more }, signal);

  it('stays while nothing moves, whoever has the app', async () => {
    const box = await deployed();
    const { digest } = await plan(box);
    box.busy = async () => ({ deployment: 'd', user: 'u', since: 1, what: 'x' });
    expect((await plan(box)).digest).toBe(digest);
    await expect(check(box, digest)).resolves.toBeUndefined();
    await expect(checkPlan(box, { app: 'shop' }, signal)).resolves.toBeUndefined();
  });

  it.each<[string, (box: TestBox) => Promise<unknown> | unknown]>([
    ['another release is live', (box) => box.deploy('shop', '2', next)],
    [
      'the live configuration was changed by hand',
      (box) => fs.appendFileSync(path.join(box.root, 'shop/versions/1/configuration.json'), ' '),
    ],
    [
      'there is a newer version',
      ({ repository }) => publish(repository, { app: 'shop', version: '3', files: next }),
    ],
    [
      'the central config differs for the app',
      ({ repository }) =>
        publish(repository, { app: 'configs', version: '2', files: central.replace('db.prod', 'x') }),
    ],
    [
      'the box is another',
      (box) => {
        box.settings = { ...box.settings, cluster: 'eu' };
      },
    ],
  ])('is another when %s', async (_, move) => {
    const box = await deployed();
    const { digest } = await plan(box);
    await move(box);
    const error = await failure(check(box, digest));
    expect(error).toMatchObject({ code: 'moved', details: { plan: digest } });
    expect(error.message).toMatch(/^shop is no longer as the plan found it: /);
  });

  it('is the same when other apps have new central layers', async () => {
    const box = await deployed();
    const { digest } = await plan(box);
    const files = `${central}//- /blog.yaml\nblog: 1\n`;
    await publish(box.repository, { app: 'configs', version: '2', files });
    await expect(check(box, digest)).resolves.toBeUndefined();
  });
});

describe('the live configuration', () => {
  it('is told with its secrets hashed, which look alike where they are', async () => {
    const box = await deployed();
    const config = await liveConfig(box, 'shop');
    expect(config).toMatchObject({
      common: { db: { host: 'db.prod', password: expect.stringMatching(/^sha256:[0-9a-f]{32}$/) } },
      shop: { title: 'Shop', sizes: [1, 2], old: true },
    });
    expect(JSON.stringify(config)).toMatch(/"https:\/\/app:sha256:[0-9a-f]{32}@db\.int\/x"/);
    expect(JSON.stringify(config)).not.toContain('geheim');
    expect(await liveConfig(box, 'shop')).toEqual(config);
  });

  it('is missing where nothing is live', async () => {
    const box = testBox();
    expect(await failure(liveConfig(box, 'shop'))).toMatchObject({
      code: 'missing',
      message: 'no release of shop is live on this box',
    });
  });
});

it('what plans of a former life left is swept', async () => {
  const box = testBox();
  fs.mkdirSync(path.join(box.temporary, 'plan-abc/unpacked'), { recursive: true });
  fs.mkdirSync(path.join(box.temporary, 'other'));
  await sweepPlans(box.temporary);
  expect(fs.readdirSync(box.temporary)).toEqual(['other']);
  await sweepPlans(path.join(box.temporary, 'nowhere'));
});
