import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readConfiguration } from '../../../agent/configuration/files.ts';
import type { ConfigurationSettings } from '../../../agent/configuration/settings.ts';
import { configurationStep } from '../../../agent/configuration/step.ts';
import { AgentError } from '../../../agent/failure.ts';
import { strata } from '../../support/cli.ts';
import { newFolder } from '../../support/repository.ts';
import { writeFile, writeFiles } from '../../support/workspaceFiles.ts';
import { publish, type TestBox, testBox } from '../support/planBox.ts';

const central = `
//- /common.yaml
common:
  db: {host: db.int, port: 5432}
  hosts: [a]
//- /common-production.yaml
common:
  db.host: db.prod
//- /common-production-us.yaml
common:
  hosts: [b]
//- /shop-production.yaml
shop: {title: "Grüße 😀", big: 123456789012345678901234567890, share: 1.0}
`;

const release = `
//- /deploy/configuration/shop-default.yaml
shop: {title: Shop, big: 1, share: 0.5, key: !missing ask ops}
//- /deploy/configuration/shop-production-us.yaml
shop.key: geheim
//- /deploy/configuration/public-data.yaml
- shop.title
`;

/** A box whose central config is a folder. */
function folderBox(files = central, settings: Partial<ConfigurationSettings> = {}): TestBox {
  const folder = writeFiles(files);
  return testBox({
    settings: {
      ...{ environment: 'production', cluster: 'us', central: { kind: 'folder', folder } },
      ...settings,
    },
  });
}

const folderOf = ({ settings }: TestBox) =>
  settings.central.kind === 'folder' ? settings.central.folder : '';

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AgentError)) throw error ?? new Error('it worked');
  return error;
}

describe('the configuration of a release', () => {
  it('is byte for byte what strata render writes', async () => {
    const box = folderBox();
    const { path: folder } = await box.deploy('shop', '1', release);
    const rendered = (...more: string[]) =>
      strata(['render', 'shop', 'production', '-c', 'us', '-d', folderOf(box), '-a', folder, ...more], {
        cwd: folder,
      });
    const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');
    expect(await rendered()).toMatchObject({ code: 0, stdout: read('configuration.json') });
    expect(await rendered('--public')).toMatchObject({ code: 0, stdout: read('configuration_public.json') });
    expect(JSON.parse(read('configuration_public.json'))).toEqual({ shop: { title: 'Grüße 😀' } });
    expect(await readConfiguration(folder)).toMatchObject({
      common: { db: { host: 'db.prod' }, hosts: ['a', 'b'] },
    });
    expect(box.logged).toEqual([`wrote the configuration, with ${folderOf(box)}`]);
  });

  it('is for the agent and its group alone, and replaces what the artifact brought, links included', async () => {
    const box = folderBox();
    const elsewhere = path.join(newFolder(), 'elsewhere');
    fs.writeFileSync(elsewhere, 'stays');
    const folder = path.join(box.root, 'shop/versions/1');
    fs.mkdirSync(folder, { recursive: true });
    fs.symlinkSync(elsewhere, path.join(folder, 'configuration.json'));
    const before = process.umask(0o077);
    try {
      await box.deploy('shop', '1', release);
    } finally {
      process.umask(before);
    }
    for (const name of ['configuration.json', 'configuration_public.json']) {
      const stat = fs.lstatSync(path.join(folder, name));
      expect([stat.isFile(), stat.mode & 0o777]).toEqual([true, 0o640]);
    }
    expect(fs.readFileSync(elsewhere, 'utf8')).toBe('stays');
    expect(fs.readdirSync(folder).filter((name) => /\.[0-9a-f]{12}$/.test(name))).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('is given to the owner that is configured (needs root)', async () => {
    const box = folderBox();
    const { path: folder } = await { ...box, owner: () => ({ uid: 12345, gid: 54321 }) }.deploy(
      'shop',
      '1',
      release,
    );
    box.owner = () => ({ uid: 12345, gid: 54321 });
    await box.deploy('shop', '2', release);
    const stat = fs.statSync(path.join(box.root, 'shop/versions/2/configuration.json'));
    expect([stat.uid, stat.gid, stat.mode & 0o777]).toEqual([12345, 54321, 0o640]);
    expect(fs.statSync(path.join(folder, 'configuration.json')).uid).toBe(0);
  });

  it.each([
    [
      'a value that nobody gives',
      release.replace('shop.key: geheim', '{}'),
      'deploy/configuration/shop-default.yaml:1:46: missing-value: shop.key: no layer gives this value (ask ops)',
    ],
    [
      'a type that does not fit',
      release.replace('shop.key: geheim', 'shop: {key: 7, title: [x]}'),
      'deploy/configuration/shop-production-us.yaml:1:23: type-mismatch: shop.title: ',
    ],
    [
      'what is no YAML',
      release.replace('shop.key: geheim', 'shop: {'),
      'deploy/configuration/shop-production-us.yaml:2:1: yaml-syntax: ',
    ],
    [
      'a public setting that is not there',
      release.replace('- shop.title', '- shop.titel'),
      'deploy/configuration/public-data.yaml:1:3: public-key-missing: ',
    ],
  ])('is refused for %s, with the place', async (_, files, expected) => {
    const box = folderBox();
    const { code, message } = await failure(box.deploy('shop', '1', files));
    expect(code).toBe('refused');
    expect(message).toContain(expected);
    expect(message).toContain('shop has no configuration for production/us:\n');
    expect(fs.readdirSync(path.join(box.root, 'shop/versions/1'))).toEqual(['deploy']);
  });

  it('names mistakes in central layers by the path of the folder', async () => {
    const box = folderBox(central.replace('[b]', 'b'));
    const { message } = await failure(box.deploy('shop', '1', release));
    expect(message).toContain(
      `${folderOf(box)}/common-production-us.yaml:2:10: type-mismatch: common.hosts: refusing to replace a list with a string`,
    );
  });

  it('changes nothing where one of its files cannot be written', async () => {
    const box = folderBox();
    const folder = path.join(box.root, 'shop/versions/1');
    fs.mkdirSync(path.join(folder, 'configuration_public.json/x'), { recursive: true });
    const { message } = await failure(box.deploy('shop', '1', release));
    expect(message).toContain('the configuration could not be written');
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('follows the merge and the YAML that the box says, and its environment local', async () => {
    const box = folderBox(`${central}//- /common-local.yaml\ncommon: {hosts: [c], on: yes}\n`, {
      environment: 'local',
      hostname: 'laptop',
      yaml: '1.1',
      merge: { lists: 'replace', types: 'strict' },
    });
    const { path: folder } = await box.deploy('shop', '1', '//- /x\n\n');
    expect(await readConfiguration(folder)).toMatchObject({
      common: { hosts: ['c'], on: true },
      yoconfigurator: { environment: 'local', local_hostname: 'laptop' },
    });
  });

  it('needs the folder of the central config', async () => {
    const box = folderBox(central, { central: { kind: 'folder', folder: '/nowhere/configs' } });
    expect(await failure(box.deploy('shop', '1', release))).toMatchObject({
      code: 'failed',
      message: 'the central config has no folder /nowhere/configs',
    });
  });
});

describe('the central config as an artifact', () => {
  const configs = (version: string, files = central) => ({ app: 'configs', version, files });
  const linkOf = (box: TestBox) => fs.readlinkSync(path.join(box.root, 'configs/live'));

  it('is fetched, checked and kept beside the apps; the latest unless one is asked for', async () => {
    const box = testBox();
    await publish(box.repository, configs('1'));
    const { path: first } = await box.deploy('shop', '1', release);
    expect(await readConfiguration(first)).toMatchObject({ common: { db: { host: 'db.prod' } } });
    expect(linkOf(box)).toBe('versions/1');
    await publish(box.repository, configs('2', central.replace('db.prod', 'db2.prod')));
    const { path: second } = await box.deploy('shop', '2', release);
    expect(await readConfiguration(second)).toMatchObject({ common: { db: { host: 'db2.prod' } } });
    expect(linkOf(box)).toBe('versions/2');
    const { path: third } = await box.deploy('shop', '3', release, { configs: '1' });
    expect(fs.readFileSync(path.join(third, 'configuration.json'))).toEqual(
      fs.readFileSync(path.join(first, 'configuration.json')),
    );
    expect(linkOf(box)).toBe('versions/1');
    expect(fs.readdirSync(path.join(box.root, 'configs/versions')).sort()).toEqual(['1', '2', 'unpack']);
    expect(fs.readdirSync(path.join(box.root, 'configs/versions/unpack'))).toEqual([]);
    expect(box.logged.at(-1)).toBe('wrote the configuration, with version 1 of the central config');
  });

  it('may have its layers in folders', async () => {
    const box = testBox();
    box.settings = {
      ...box.settings,
      central: { kind: 'artifact', app: 'configs', channel: 'master', folders: ['base', 'site'] },
    };
    const files = '//- /base/common.yaml\na: 1\nb: 1\n//- /site/common.yaml\nb: 2\n';
    await publish(box.repository, configs('1', files));
    const { path: folder } = await box.deploy('shop', '1', '//- /x\n\n');
    expect(await readConfiguration(folder)).toMatchObject({ a: 1, b: 2 });
  });

  it('can be fetched by several deployments at once', async () => {
    const box = testBox();
    await publish(box.repository, configs('1'));
    const apps = ['a', 'b', 'c', 'd'];
    await Promise.all(apps.map((app) => box.deploy(app, '1', '//- /x\n\n')));
    expect(fs.readdirSync(path.join(box.root, 'configs/versions/unpack'))).toEqual([]);
    expect(fs.readdirSync(path.join(box.root, 'configs/versions/1'))).toContain('common.yaml');
  });

  it.each([
    ['is missing', undefined, 'missing', 'there is no artifact of configs/master'],
    ['is signed by nobody', undefined, 'refused', 'it is not signed'],
    ['has no such version', '9', 'missing', 'there is no version 9'],
  ])('fails where it %s', async (what, asked, code, message) => {
    const box = testBox();
    // What nobody signed comes into a repository without us.
    if (what === 'is signed by nobody') {
      const series = path.join(box.repository.folder, 'configs/master/configs.tar.gz');
      writeFile(series, '1', 'bytes');
      writeFile(series, 'latest', '1\n');
    } else if (asked !== undefined) await publish(box.repository, configs('1'));
    const error = await failure(box.deploy('shop', '1', release, { configs: asked }));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(fs.existsSync(path.join(box.root, 'configs'))).toBe(false);
  });

  it('leaves nothing behind where it is cancelled', async () => {
    const box = testBox();
    await publish(box.repository, configs('1'));
    const stop = new AbortController();
    stop.abort();
    const error = await failure(box.deploy('shop', '1', release, { signal: stop.signal }));
    expect(error.code).toBe('cancelled');
    expect(fs.existsSync(path.join(box.root, 'configs/versions/1'))).toBe(false);
  });

  it('gets no configuration itself', () => {
    const box = testBox();
    const step = configurationStep(box);
    const applies = (app: string) => step.applies?.(box.context(app, { version: '1', path: '/' }));
    expect([applies('shop'), applies('configs')]).toEqual([true, false]);
  });
});

test('versions of the central config go that no release came from, but for the last one and the newest', async () => {
  const box = testBox();
  const versions = path.join(box.root, 'configs/versions');
  const kept = () =>
    fs
      .readdirSync(versions)
      .filter((name) => name !== 'unpack')
      .sort();
  for (const version of ['1', '2', '3', '4', '5', '6']) {
    await publish(box.repository, { app: 'configs', version, files: central });
    await box.deploy('shop', version, release, { configs: version });
  }
  expect(kept()).toEqual(['1', '2', '3', '4', '5', '6']);
  // Releases go, as old ones do; so that of the second one is the only old one left.
  for (const version of ['1', '3', '4', '5', '6'])
    fs.rmSync(path.join(box.root, 'shop/versions', version), { recursive: true });
  fs.mkdirSync(path.join(versions, '0'));
  fs.writeFileSync(path.join(versions, '0/.strata-release.json'), '{"version":"0","completed":1}');
  await box.deploy('shop', '7', release, { configs: '6' });
  expect(kept()).toEqual(['0', '2', '3', '4', '5', '6']);
  expect(box.logged.at(-1)).toBe('versions 1 of the central config are gone');
  expect(fs.readlinkSync(path.join(box.root, 'configs/live'))).toBe('versions/6');
});
