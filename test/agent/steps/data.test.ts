import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInSteps } from '../../../agent/steps/builtIn.ts';
import { deploy, newBox, uploadApp } from '../support/box.ts';
import { realDoor } from '../support/realDoor.ts';
import { stepBox } from './stepBox.ts';

describe('data that outlives releases', () => {
  it('is made once, linked into each release, and begins with what the app has for it', async () => {
    const box = stepBox();
    const files = (seed: string) => ({
      'deploy/data/media/.gitkeep': '',
      'deploy/data/db/seed.txt': seed,
      'deploy/data/db/more/deep.txt': seed,
      'media/.gitkeep': '',
      'deploy/steps.yaml': "data: {media: {link: media, mode: '0770'}, extra: {}}\n",
    });
    expect(await box.deploy('1', files('first'))).toMatchObject({ result: 'done' });
    fs.writeFileSync(box.at('live/media/upload'), 'kept');
    fs.rmSync(box.at('live/data/db/more'), { recursive: true });
    expect(await box.deploy('2', files('second'))).toMatchObject({ result: 'done' });
    expect(box.text('versions/2/media/upload')).toBe('kept');
    expect(fs.readdirSync(box.at('live/media'))).toEqual(['upload']);
    expect(box.text('live/data/db/seed.txt')).toBe('first');
    expect(box.text('live/data/db/more/deep.txt')).toBe('second');
    expect(fs.realpathSync(box.at('live/data/extra'))).toBe(fs.realpathSync(box.at('data/extra')));
    const mode = (name: string) => (fs.statSync(box.at('data', name)).mode & 0o777).toString(8);
    expect([mode('media'), mode('db')]).toEqual(['770', '750']);
    fs.rmSync(box.at('versions/1'), { recursive: true });
    expect(box.text('data/media/upload')).toBe('kept');
  });

  it.each([
    ['something of the artifact', { 'media/a.png': 'x' }, 'media', /has something at media already/],
    [
      'a folder outside by a link',
      { 'deploy/hooks/prepare': '' },
      '../../media',
      /steps\.yaml:1:\d+: .*is no path in the release/,
    ],
  ])('is refused where its link would hide %s', async (_, files, link, reason) => {
    const box = stepBox();
    const steps = { 'deploy/steps.yaml': `data: {media: {link: ${link}}}\n` };
    const { result, reason: why } = await box.deploy('1', { ...files, ...steps });
    expect(result).toBe('failed');
    expect(why).toMatch(reason);
  });

  it('is told in the plan where it is new', async () => {
    const { repository } = newBox();
    const steps = builtInSteps(repository, { system: false, build: false });
    const box = await realDoor({ steps });
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', { 'deploy/data/media/.gitkeep': '' });
    const { agent } = box.door;
    const folder = path.join(box.root, 'shop/data/media');
    const { notes } = await agent.plan({ app: 'shop' }, new AbortController().signal);
    expect(notes).toEqual([`data: the folder ${folder} is made`]);
    expect(fs.existsSync(folder)).toBe(false);
    expect(await deploy(agent)).toMatchObject({ result: 'done' });
    expect(await agent.plan({ app: 'shop', force: true }, new AbortController().signal)).toMatchObject({
      notes: [],
    });
  });
});
