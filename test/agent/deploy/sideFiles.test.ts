import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step, StepWork } from '../../../agent/deploy/step.ts';
import { installFiles, planFiles } from '../../../agent/deploy/steps/owned.ts';
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
