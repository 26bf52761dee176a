import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dropAssets } from '../../../agent/releases/assets.ts';
import { gcReleases } from '../../../agent/releases/gc.ts';
import { appPlaces } from '../../../agent/releases/layout.ts';
import { releases } from '../../../agent/releases/releases.ts';
import { type StepBox, stepBox } from './stepBox.ts';

const day = 86_400_000;
const steps = { 'deploy/steps.yaml': 'assets: { folder: static, keep: 7d }\n' };
const release = (...names: string[]) => ({
  ...steps,
  ...Object.fromEntries(names.map((name) => [`static/${name}`, name])),
});
const assets = (box: StepBox) =>
  fs
    .readdirSync(box.at('assets'), { recursive: true })
    .map(String)
    .filter((name) => fs.statSync(box.at('assets', name)).isFile())
    .sort();

describe('assets of older releases', () => {
  it('stay reachable, without room of their own while a release has them', async () => {
    const box = stepBox();
    expect(await box.deploy('1', release('app.1.js', 'css/app.1.css', 'same.js'))).toMatchObject({
      result: 'done',
    });
    expect(await box.deploy('2', release('app.2.js', 'same.js'))).toMatchObject({ result: 'done' });
    expect(assets(box)).toEqual(['app.1.js', 'app.2.js', 'css/app.1.css', 'same.js']);
    const inode = (...names: string[]) => fs.statSync(box.at(...names)).ino;
    expect(inode('assets/app.2.js')).toBe(inode('live/static/app.2.js'));
    fs.rmSync(box.at('versions/1'), { recursive: true });
    expect(box.text('assets/css/app.1.css')).toBe('css/app.1.css');
  });

  it('go when no release has them and their time is over, and not before', async () => {
    const box = stepBox();
    await box.deploy('1', release('app.1.js', 'css/app.1.css', 'same.js'));
    await box.deploy('2', release('app.2.js', 'same.js'));
    await box.deploy('3', release('app.3.js', 'same.js'));
    fs.writeFileSync(box.at('assets/by-hand.txt'), 'not ours');
    const places = appPlaces(box.root, 'shop');
    const now = Date.now();
    const all = ['app.1.js', 'app.2.js', 'app.3.js', 'by-hand.txt', 'css/app.1.css', 'same.js'];
    // Releases 1 to 3 are there.
    expect(await dropAssets(places, await releases(places), now + 8 * day)).toEqual([]);
    await gcReleases(places, 0);
    expect(await dropAssets(places, await releases(places), now + 6 * day)).toEqual([]);
    expect(assets(box)).toEqual(all);
    const gone = await dropAssets(places, await releases(places), now + 8 * day);
    expect(gone).toEqual(['app.1.js', 'css/app.1.css']);
    expect(assets(box)).toEqual(['app.2.js', 'app.3.js', 'by-hand.txt', 'same.js']);
    expect(fs.existsSync(box.at('assets/css'))).toBe(false);
    expect(await dropAssets(places, await releases(places), now + 8 * day)).toEqual([]);
  });

  it('go with a later deployment, where none is kept', async () => {
    const box = stepBox({}, { keep: 0 });
    const at = (name: string) => ({ ...release(name), 'deploy/steps.yaml': 'assets: { keep: 0s }\n' });
    for (const version of ['1', '2', '3']) await box.deploy(version, at(`app.${version}.js`));
    expect(assets(box)).toEqual(['app.2.js', 'app.3.js']);
  });

  it('are those that the app makes in its hook, too', async () => {
    const box = stepBox();
    await box.deploy('1', {
      ...steps,
      'deploy/hooks/prepare': 'mkdir static; echo made > static/made.1.js\n',
    });
    expect(box.text('assets/made.1.js')).toBe('made\n');
  });

  it('of a deployment that goes back are gone, and when others were needed is as before', async () => {
    const box = stepBox();
    await box.deploy('1', release('app.1.js'));
    const before = box.text('.assets.json');
    for (const hook of ['deployed', 'prepare']) {
      const files = { ...release('app.1.js', 'new/app.2.js'), [`deploy/hooks/${hook}`]: 'exit 3\n' };
      expect((await box.deploy(`2-${hook}`, files)).result).toMatch(/rolled_back|failed/);
      expect(assets(box)).toEqual(['app.1.js']);
      expect(box.text('.assets.json')).toBe(before);
    }
  });

  it('are not looked for outside of the release', async () => {
    const box = stepBox();
    const hook = { 'deploy/hooks/prepare': 'ln -s /etc static\n' };
    expect(await box.deploy('1', { ...steps, ...hook })).toMatchObject({
      result: 'rolled_back',
      reason: expect.stringContaining('assets.folder: static is not inside of the release'),
    });
  });

  it('stay as they are where a name comes with another content', async () => {
    const box = stepBox();
    await box.deploy('1', release('app.js'));
    await box.deploy('2', { ...steps, 'static/app.js': 'other' });
    expect(box.text('assets/app.js')).toBe('app.js');
    expect(box.text('live/static/app.js')).toBe('other');
  });
});
