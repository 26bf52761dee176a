import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newFolder } from '../../support/repository.ts';
import { uploadApp } from '../support/box.ts';
import { stepBox } from './stepBox.ts';

/** Serves two packages, of which one needs the other. @returns the app's files. */
async function app(): Promise<Record<string, string>> {
  const pack = (name: string, index: string) => {
    const folder = path.join(newFolder(), 'package');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
    fs.writeFileSync(path.join(folder, 'index.js'), index);
    return execFileSync('tar', ['-czf', '-', 'package'], { cwd: path.dirname(folder) });
  };
  const packages = {
    outer: pack('outer', 'module.exports = ["outer", require("inner")].join(" ");\n'),
    inner: pack('inner', 'module.exports = "inner";\n'),
  };
  const server = http.createServer(({ url }, response) =>
    response.end(packages[url?.slice(1) as keyof typeof packages]),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const entry = (name: keyof typeof packages) => ({
    ...{ version: '1.0.0', resolved: `${base}/${name}` },
    integrity: `sha512-${createHash('sha512').update(packages[name]).digest('base64')}`,
  });
  const dependencies = { outer: '1.0.0', inner: '1.0.0' };
  const lock = {
    ...{ name: 'shop', version: '1.0.0', lockfileVersion: 3 },
    packages: {
      '': { name: 'shop', version: '1.0.0', dependencies },
      'node_modules/outer': entry('outer'),
      'node_modules/inner': entry('inner'),
    },
  };
  return {
    'package.json': JSON.stringify({ name: 'shop', version: '1.0.0', dependencies }),
    'package-lock.json': JSON.stringify(lock),
    'index.js': 'console.log(require("outer"));\n',
  };
}

describe('the node modules of an app', () => {
  it('are installed where the box may, and find each other in the release', async () => {
    const box = stepBox({ build: true });
    const files = await app();
    expect(await box.deploy('1', files)).toMatchObject({ result: 'done' });
    expect(execFileSync('node', [box.at('live/index.js')], { encoding: 'utf8' })).toBe('outer inner\n');
    expect(await box.deploy('2', files)).toMatchObject({ result: 'done' });
    expect(fs.readdirSync(box.at('modules'))).toHaveLength(1);
    const [only = ''] = fs.readdirSync(box.at('modules'));
    expect(fs.readdirSync(box.at('modules', only))).toEqual(['node_modules']);
  });

  it('are refused where they are nowhere, and needed where the lock file names some', async () => {
    const files = await app();
    const box = stepBox();
    const { result, reason } = await box.deploy('1', files);
    expect(result).toBe('failed');
    expect(reason).toMatch(/^the node modules node-modules-\S+ of shop are not in the repository: /);
    const none = { 'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {"name": "shop"}}}' };
    expect(await box.deploy('2', none)).toMatchObject({ result: 'done' });
    expect(fs.existsSync(box.at('live/node_modules'))).toBe(false);
  });

  it('of the artifact itself are taken', async () => {
    const box = stepBox();
    const carried = { 'node_modules/outer/index.js': 'module.exports = "carried";\n' };
    await uploadApp(box, '1', { ...(await app()), ...carried });
    expect(await box.deploy('1')).toMatchObject({ result: 'done' });
    expect(execFileSync('node', [box.at('live/index.js')], { encoding: 'utf8' })).toBe('carried\n');
  });
});
