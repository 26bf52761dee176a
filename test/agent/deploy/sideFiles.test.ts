import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step, StepWork } from '../../../agent/deploy/step.ts';
import { installFiles, planFiles, readOwned } from '../../../agent/deploy/steps/owned.ts';
import { restoreSideFiles, sideFiles } from '../../../agent/deploy/steps/sideFiles.ts';
import { newFolder } from '../../support/repository.ts';
import { deploy, liveVersion, newBox, story, uploadApp, withAgent } from '../support/box.ts';
import { filesIn } from '../support/etcStep.ts';

/** What is below a folder: texts, the targets of links, permission bits. */
function picture(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const file = path.join(folder, name);
      const stat = fs.lstatSync(file);
      if (stat.isSymbolicLink()) return [[name, `-> ${fs.readlinkSync(file)}`]];
      return stat.isFile()
        ? [[name, `${(stat.mode & 0o7777).toString(8)} ${fs.readFileSync(file, 'utf8')}`]]
        : [];
    }),
  );
}

describe('files outside of a release', () => {
  it('are as they were when they are put back, whatever was changed and how often', async () => {
    const [etc, kept] = [newFolder(), path.join(newFolder(), 'kept')];
    const at = (name: string) => path.join(etc, name);
    fs.writeFileSync(at('a.conf'), 'old a', { mode: 0o640 });
    fs.writeFileSync(at('c.conf'), 'old c');
    fs.symlinkSync('a.conf', at('link'));
    const before = picture(etc);
    const side = sideFiles(kept);
    await side.put({ path: at('a.conf'), content: 'new a', mode: 0o600 });
    await side.put({ path: at('a.conf'), content: 'newer a' });
    await side.put({ path: at('sub/b.conf'), content: Buffer.from('new b') });
    await side.remove(at('c.conf'));
    await side.remove(at('absent'));
    await side.link(at('link'), 'elsewhere');
    await side.link(at('c.conf'), 'now a link');
    expect(picture(etc)).toEqual({
      'a.conf': '644 newer a',
      'c.conf': '-> now a link',
      link: '-> elsewhere',
      'sub/b.conf': '644 new b',
    });
    await restoreSideFiles(kept);
    await restoreSideFiles(kept);
    expect(picture(etc)).toEqual(before);
  });

  it('are put back as far as that can be done, with what could not be told', async () => {
    const [etc, kept] = [newFolder(), path.join(newFolder(), 'kept')];
    const at = (name: string) => path.join(etc, name);
    fs.writeFileSync(at('a'), 'old');
    const side = sideFiles(kept);
    await side.put({ path: at('a'), content: 'new' });
    await side.put({ path: at('b'), content: 'new' });
    fs.rmSync(at('b'));
    fs.mkdirSync(at('b'));
    await expect(restoreSideFiles(kept)).rejects.toThrow(at('b'));
    expect(fs.readFileSync(at('a'), 'utf8')).toBe('old');
  });

  it('are left alone where a folder is in the way', async () => {
    const etc = newFolder();
    fs.mkdirSync(path.join(etc, 'a'));
    const file = { path: path.join(etc, 'a'), content: 'new' };
    await expect(sideFiles(path.join(newFolder(), 'kept')).put(file)).rejects.toThrow(
      'move it out of the way',
    );
  });
});

/** A step that installs the files under `deploy/etc/` into a folder of the box. */
function etcStep(etc: string): Step {
  const wanted = ({ release }: { release: string }) => filesIn(release, etc);
  return {
    name: 'etc',
    plan: async (context) => ({ files: (await planFiles(context, wanted(context))).files }),
    async deployed(work: StepWork) {
      const changes = await installFiles(work, wanted(work));
      work.log(JSON.stringify(changes).replaceAll(etc, ''), 'agent');
      await work.run(['/bin/sh', '-c', 'cat "$0"/* 2>/dev/null; true', etc]);
    },
    async restore({ run }) {
      await run(['/bin/sh', '-c', 'echo restored; cat "$0"/* 2>/dev/null; true', etc]);
    },
  };
}

describe('a step that installs files', () => {
  it('changes what differs, takes away what the new version lacks, and has it all put back', async () => {
    const etc = newFolder();
    const box = newBox();
    await uploadApp(box, '1', { 'deploy/etc/a': 'a1\n', 'deploy/etc/b': 'b1\n' });
    await uploadApp(box, '2', { 'deploy/etc/b': 'b2\n', 'deploy/etc/c': 'c2\n' });
    await uploadApp(box, '3', { 'deploy/etc/c': 'c3\n', 'deploy/hooks/deployed': 'exit 3' });
    fs.writeFileSync(path.join(etc, 'foreign'), 'foreign\n');
    await withAgent(box, { steps: [etcStep(etc)] }, async (agent) => {
      expect(await deploy(agent, { version: '1' })).toMatchObject({ result: 'done' });
      const second = await deploy(agent, { version: '2' });
      expect(await story(agent, second.id)).toEqual(
        expect.arrayContaining(['etc stdout: b2', 'etc stdout: c2', 'etc stdout: foreign']),
      );
      expect(picture(etc)).toEqual({ b: '644 b2\n', c: '644 c2\n', foreign: '644 foreign\n' });
      const third = await deploy(agent, { version: '3' });
      expect(third).toMatchObject({ result: 'rolled_back' });
      expect(picture(etc)).toEqual({ b: '644 b2\n', c: '644 c2\n', foreign: '644 foreign\n' });
      expect(await story(agent, third.id)).toEqual(
        expect.arrayContaining(['etc stdout: c3', 'etc stdout: restored', 'etc stdout: b2']),
      );
      expect(await deploy(agent, { version: '1', rollback: true })).toMatchObject({ result: 'done' });
      expect(picture(etc)).toEqual({ a: '644 a1\n', b: '644 b1\n', foreign: '644 foreign\n' });
    });
    expect(liveVersion(box)).toBe('1');
    expect(fs.readdirSync(path.join(box.root, '.strata-agent/steps'))).toEqual([]);
  });
});

describe('a file that two apps of a box want', () => {
  it('stays with the one that has it, until that one gives it up', async () => {
    const etc = newFolder();
    const box = newBox();
    const at = path.join(etc, 'a');
    await uploadApp(box, '1', { 'deploy/etc/a': 'of shop\n' });
    await uploadApp(box, '2');
    await uploadApp(box, '1', { 'deploy/etc/a': 'of admin\n', 'deploy/etc/b': 'b\n' }, { app: 'admin' });
    await uploadApp(box, '2', { 'deploy/etc/a': 'of shop\n' }, { app: 'admin' });
    const steps = [etcStep(etc)];
    await withAgent(box, { steps }, async (agent) => {
      expect(await deploy(agent, { version: '1' })).toMatchObject({ result: 'done' });
      // Also where it is the same to the byte.
      for (const version of ['1', '2'])
        expect(await deploy(agent, { app: 'admin', version })).toMatchObject({
          result: 'rolled_back',
          reason: expect.stringContaining(`${at} is of the app shop: name one of both otherwise`),
        });
      expect(picture(etc)).toEqual({ a: '644 of shop\n' });
      expect(await deploy(agent, { version: '2' })).toMatchObject({ result: 'done' });
      expect(await deploy(agent, { app: 'admin', version: '1' })).toMatchObject({ result: 'done' });
      expect(picture(etc)).toEqual({ a: '644 of admin\n', b: '644 b\n' });
      expect(await deploy(agent, { version: '1', rollback: true })).toMatchObject({
        result: 'rolled_back',
        reason: expect.stringContaining(`${at} is of the app admin`),
      });
      expect(picture(etc)).toEqual({ a: '644 of admin\n', b: '644 b\n' });
    });
    // Somebody took the app off the box.
    fs.rmSync(path.join(box.root, 'admin'), { recursive: true });
    await withAgent(box, { steps }, async (agent) => {
      expect(await deploy(agent, { version: '1', force: true })).toMatchObject({ result: 'done' });
    });
    expect(picture(etc)).toEqual({ a: '644 of shop\n', b: '644 b\n' });
  });

  it('goes to neither where both come with it at once, and both are told', async () => {
    const [root, etc] = [newFolder(), newFolder()];
    const wanted = [{ path: path.join(etc, 'a'), content: 'new' }];
    const both = ['admin', 'shop'];
    let listed = 0;
    let go = () => {};
    const allListed = new Promise<void>((resolve) => {
      go = resolve;
    });
    const works = await Promise.all(
      both.map(async (app) => {
        fs.mkdirSync(path.join(root, app));
        const owned = await readOwned(path.join(root, '.strata-agent'), app, 'etc');
        const side = sideFiles(path.join(root, `${app}-kept`));
        const put: typeof side.put = async (file) => {
          await side.put(file);
          if (file.path === owned.list && ++listed === both.length) go();
          if (file.path === owned.list) await allListed;
        };
        return { app, root, owned, side: { ...side, put } };
      }),
    );
    const ends = await Promise.allSettled(works.map((work) => installFiles(work, wanted)));
    expect(ends).toMatchObject([
      { reason: { code: 'refused', message: expect.stringContaining('of the app shop') } },
      { reason: { code: 'refused', message: expect.stringContaining('of the app admin') } },
    ]);
    expect(picture(etc)).toEqual({});
    const [one] = works;
    if (one === undefined) throw new Error('there are two');
    expect((await planFiles(one, wanted)).obstacles).toEqual([
      `${wanted[0]?.path} is of the app shop: name one of both otherwise`,
    ]);
  });
});
