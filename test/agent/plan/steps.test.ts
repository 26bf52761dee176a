import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { archiveCache } from '../../../agent/artifacts/archiveCache.ts';
import type { Step } from '../../../agent/deploy/step.ts';
import { head } from '../../../artifact/repository/head.ts';
import { seriesOf } from '../../../artifact/repository/repository.ts';
import type { Store } from '../../../artifact/store/store.ts';
import { newFolder } from '../../support/repository.ts';
import { deploy, liveVersion, newBox, uploadApp } from '../support/box.ts';
import { realDoor } from '../support/realDoor.ts';

const { signal } = new AbortController();

const files = (title: string) => ({
  'deploy/configuration/shop-default.yaml': `shop: {title: ${title}, db: {password: geheim, url: "pg://a:ganz%20geheim@db"}}\n`,
  'deploy/unit': 'Environment=PASSWORD=geheim\n',
});

/** A step that compares a unit of the release with the one of the box. */
function unitStep(file: string): Step {
  return {
    name: 'unit',
    applies: () => true,
    async plan({ release }) {
      const now = fs.readFileSync(file, 'utf8');
      const next = fs.readFileSync(path.join(release, 'deploy/unit'), 'utf8');
      return {
        units: now === next ? [] : [{ name: 'shop.service', change: 'changed' }],
        files: [{ path: 'shop.service', diff: `-${now}+${next}+Z2VoZWlt ganz geheim` }],
        restarts: ['shop'],
        obstacles: ['the unit of geheim is old'],
      };
    },
  };
}

describe('what steps find', () => {
  it('is a part of the plan, without its secrets; and what has changed since is refused', async () => {
    const unit = path.join(newFolder(), 'shop.service');
    fs.writeFileSync(unit, 'Environment=PASSWORD=alt\n');
    const box = await realDoor({ steps: [unitStep(unit)] });
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('One'));
    const { agent } = box.door;
    const plan = await agent.plan({ app: 'shop' }, signal);
    expect(plan).toMatchObject({ units: [{ name: 'shop.service' }], restarts: ['shop'] });
    expect(plan.files.at(-1)?.diff).toBe('-Environment=PASSWORD=alt\n+Environment=PASSWORD=***\n+*** ***');
    expect(plan.obstacles).toEqual(['the unit of *** is old']);
    expect((await agent.plan({ app: 'shop' }, signal)).digest).toBe(plan.digest);

    fs.writeFileSync(unit, 'somebody was here\n');
    await expect(deploy(agent, { plan: plan.digest })).rejects.toMatchObject({ code: 'moved' });
    expect(liveVersion(box)).toBeUndefined();
    const next = await agent.plan({ app: 'shop' }, signal);
    expect(next.digest).not.toBe(plan.digest);
    expect(await deploy(agent, { plan: next.digest })).toMatchObject({ result: 'done' });
  });

  it('is told by a digest that only this box can make', async () => {
    const digests = await Promise.all(
      [1, 2].map(async () => {
        const box = await realDoor();
        await uploadApp(box, '1', {}, { app: 'configs' });
        await uploadApp(box, '1', files('One'));
        return (await box.door.agent.plan({ app: 'shop' }, signal)).digest;
      }),
    );
    expect(new Set(digests).size).toBe(2);
  });
});

/** Counts how often bytes of an archive are fetched. */
function counted(store: Store): { store: Store; fetched: string[] } {
  const fetched: string[] = [];
  const get: Store['get'] = (key, options) => {
    if (key.endsWith('/shop.tar.gz/1')) fetched.push(key);
    return store.get(key, options);
  };
  return { store: { ...store, get }, fetched };
}

describe('an archive', () => {
  it('is fetched once for a plan and its deployment, and then is kept no longer', async () => {
    const box = newBox();
    const { store, fetched } = counted(box.repository.store);
    const real = await realDoor({}, { ...box.repository, store });
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('One'));
    const { agent } = real.door;
    await agent.plan({ app: 'shop' }, signal);
    const plan = await agent.plan({ app: 'shop' }, signal);
    expect(fetched).toHaveLength(1);
    expect(await deploy(agent, { plan: plan.digest })).toMatchObject({ result: 'done' });
    expect(fetched).toHaveLength(1);
    expect(fs.readdirSync(path.join(real.root, '.strata-agent/archives'))).toEqual([]);
    expect(liveVersion(real)).toBe('1');
  });

  it('whose bytes were changed meanwhile is fetched again', async () => {
    const box = await realDoor();
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('One'));
    await box.door.agent.plan({ app: 'shop' }, signal);
    const folder = path.join(box.root, '.strata-agent/archives');
    const [name = ''] = fs.readdirSync(folder);
    const file = path.join(folder, name);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    expect(await deploy(box.door.agent)).toMatchObject({ result: 'done' });
  });

  it('goes when others come, and a cut file is none', async () => {
    const box = newBox();
    const [folder, out] = [path.join(newFolder(), 'archives'), newFolder()];
    const cache = archiveCache(folder);
    const artifacts = [];
    for (const version of ['1', '2', '3']) {
      await uploadApp(box, version);
      const artifact = await head(box.repository, seriesOf('shop'), { version });
      await cache.fetch(box.repository, artifact, path.join(out, version), signal);
      artifacts.push(artifact);
    }
    expect(fs.readdirSync(folder).sort()).toEqual(
      artifacts
        .slice(1)
        .map((one) => one.sha256)
        .sort(),
    );
    const [first, second, third] = artifacts;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three are there');
    expect(await cache.take(first, path.join(out, 'a'), signal)).toBe(false);
    fs.truncateSync(path.join(folder, second.sha256 ?? ''), 5);
    expect(await cache.take(second, path.join(out, 'b'), signal)).toBe(false);
    expect(await cache.take(third, path.join(out, 'c'), signal)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(fs.readdirSync(out).sort()).toEqual(['1', '2', '3', 'c']);
  });

  it('has one name for plans and deployments, also where it is not the usual one', async () => {
    const box = await realDoor();
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', files('One'), { artifact: 'shop.tar.zst' });
    const { agent } = box.door;
    expect(await agent.plan({ app: 'shop' }, signal)).toMatchObject({ to: '1', obstacles: [] });
    expect(await deploy(agent)).toMatchObject({ result: 'done', version: '1' });
  });
});
