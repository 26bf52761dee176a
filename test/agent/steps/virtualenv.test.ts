import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTree } from '../../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../../artifact/archive/pack.ts';
import { seriesOf } from '../../../artifact/repository/repository.ts';
import { upload } from '../../../artifact/repository/upload.ts';
import { ci, newFolder } from '../../support/repository.ts';
import { hasPython, localWheels } from '../../support/wheels.ts';
import { uploadApp } from '../support/box.ts';
import { type StepBox, stepBox } from './stepBox.ts';

/** Uploads a folder as an artifact that builds keep. */
async function keep(box: StepBox, artifact: string, folder: string): Promise<void> {
  const file = path.join(newFolder(), artifact);
  const sources = [{ root: folder, names: listTree(folder) }];
  await packArchiveFile(file, { top: 'virtualenv', sources, mtime: 0, compression: 'gzip' });
  await upload(box.repository, seriesOf('shop', { artifact }), { version: '1', file, key: ci, metadata: {} });
}

// Install Python 3 with its venv (Debian: python3-venv) to enable: virtualenvs are made with it.
describe.skipIf(!hasPython)('the virtualenv of an app', () => {
  const files = { 'requirements.txt': 'alpha==1.0\n' };
  const said = (box: StepBox, name: string) =>
    execFileSync(box.at('live/virtualenv/bin', name), { encoding: 'utf8' });

  it('is made once where the box may, shared by releases, and goes with the last that needs it', async () => {
    const box = stepBox({ build: true }, { variables: localWheels('alpha==1.0', 'beta==2.0'), keep: 0 });
    expect(await box.deploy('1', files)).toMatchObject({ result: 'done' });
    const [only] = fs.readdirSync(box.at('virtualenvs'));
    expect(said(box, 'alpha')).toBe(`alpha ${fs.realpathSync(box.at('virtualenvs', only ?? ''))}\n`);
    const time = fs.statSync(box.at('virtualenvs', only ?? '')).ctimeMs;
    expect(await box.deploy('2', files)).toMatchObject({ result: 'done' });
    expect(fs.statSync(box.at('virtualenvs', only ?? '')).ctimeMs).toBe(time);
    for (const version of ['3', '4']) await box.deploy(version, { 'requirements.txt': 'beta==2.0\n' });
    expect(fs.readdirSync(box.at('virtualenvs'))).toHaveLength(1);
    expect(said(box, 'beta')).toContain('beta');
  }, 180_000);

  it('comes from the repository by the name that the build said, also without the right to make one', async () => {
    const maker = stepBox({ build: true }, { variables: localWheels('alpha==1.0') });
    await maker.deploy('1', files);
    const [name = ''] = fs.readdirSync(maker.at('virtualenvs'));
    const box = stepBox();
    const python = /-(\d+\.\d+)-/.exec(name)?.[1];
    await keep(box, `virtualenv-${python}-linux-0.tar.gz`, maker.at('virtualenvs', name));
    await uploadApp(box, '1', files, { metadata: { virtualenv: `virtualenv-${python}-linux-0.tar.gz` } });
    expect(await box.deploy('1')).toMatchObject({ result: 'done' });
    expect(said(box, 'alpha')).toContain(`virtualenvs/virtualenv-${python}-linux-0`);
  });

  it('is refused where it is nowhere, where another Python made it, and where it cannot be made', async () => {
    const reason = async (box: StepBox, metadata: Record<string, string> = {}) => {
      await uploadApp(box, '1', files, { metadata });
      const { result, reason } = await box.deploy('1');
      expect(result).toBe('failed');
      expect(fs.existsSync(box.at('virtualenvs')) ? fs.readdirSync(box.at('virtualenvs')) : []).toEqual([]);
      return reason;
    };
    expect(await reason(stepBox())).toMatch(
      /^the virtualenv virtualenv-\S+ of shop is not in the repository: /,
    );
    expect(await reason(stepBox(), { virtualenv: 'virtualenv-2.7-linux-1.tar.gz' })).toMatch(
      /was built with Python 2\.7, and this box has 3/,
    );
    const offline = stepBox({ build: true }, { variables: localWheels('beta==2.0') });
    expect(await reason(offline)).toMatch(/pip .*install -r .*requirements\.txt failed with exit code 1/);
  });
});
