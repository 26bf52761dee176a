import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBox, uploadApp } from '../agent/support/box.ts';
import { configure, packagesAt, storeAt } from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import { cliFile, type Run, run } from '../support/cli.ts';
import { newFolder } from '../support/repository.ts';

const store = newBox();
const home = newFolder();
const workspace = newFolder();
let fleet: Fleet;
let fingerprint = '';
let token = '';

beforeAll(async () => {
  await uploadApp(store, '1');
  fleet = await startFleet(1, {
    [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '',
    [storeAt]: store.store,
  });
  const box = fleet.boxes[0] as Box;
  await box.sh(`${packagesAt}/old/install.sh`);
  await configure(box, 'listen: { address: "0.0.0.0:7878" }\n');
  const made = await box.sh('strata-agent init --name b1; systemctl start strata-agent');
  fingerprint = /^fingerprint +(\S+)$/m.exec(made)?.[1] ?? '';
  token = (await box.sh('strata-agent token new ann --scope read 2>/dev/null')).trim();
  await letInBySsh(box);
  fs.writeFileSync(path.join(workspace, 'strata.yaml'), manifest(box.address));
  fs.mkdirSync(path.join(workspace, 'configs'));
  fs.writeFileSync(path.join(workspace, 'configs/common-qa.yaml'), 'common: { a: 1 }\n');
});
afterAll(() => fleet?.stop());

const manifest = (address: string) => `configs: [configs]
environments: { qa: {} }
boxes:
  tls: { url: "https://${address}:7878", environment: qa }
  ssh: { url: "ssh://root@${address}", environment: qa }
  nobody: { url: "ssh://shop@${address}", environment: qa }
`;

/** A key that the box's root and the shop's user take, and an `ssh` that uses it and knows the box. */
async function letInBySsh(box: Box): Promise<void> {
  const key = path.join(home, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key], { cwd: home });
  const publicKey = fs.readFileSync(`${key}.pub`, 'utf8');
  await box.sh(
    'mkdir -p /root/.ssh; cat > /root/.ssh/authorized_keys; cp -r /root/.ssh ~shop; chown -R shop: ~shop',
    publicKey,
  );
  await box.sh('ssh-keygen -A; systemctl start ssh');
  const hostKey = await box.sh('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub');
  fs.writeFileSync(path.join(home, 'known'), `${box.address} ${hostKey}`);
  const options = `-F none -i ${key} -o UserKnownHostsFile=${home}/known -o StrictHostKeyChecking=yes`;
  fs.mkdirSync(path.join(home, 'bin'));
  fs.writeFileSync(path.join(home, 'bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${options} "$@"\n`, {
    mode: 0o755,
  });
}

/** Runs `strata boxes check` in the boxes' network, as somebody who has these credentials. */
async function check(box: string, credentials: object): Promise<Run> {
  const folder = newFolder();
  fs.mkdirSync(path.join(folder, 'strata'));
  const file = path.join(folder, 'strata/credentials.json');
  fs.writeFileSync(file, JSON.stringify({ boxes: { [box]: credentials } }), { mode: 0o600 });
  const env = { XDG_CONFIG_HOME: folder, PATH: `${home}/bin:${process.env.PATH}` };
  return await fleet.run([process.execPath, cliFile, 'boxes', 'check', box, '--json'], env, workspace);
}

async function faultsOf(box: string, credentials: object): Promise<string[]> {
  const { stdout, stderr } = await check(box, credentials);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).boxes[0].faults;
}

describe('an agent on a box, asked from elsewhere', () => {
  it('is known by the fingerprint that init printed', async () => {
    const { code, stdout } = await check('tls', { token, fingerprint });
    expect(JSON.parse(stdout).boxes).toEqual([
      expect.objectContaining({
        box: 'tls',
        version: '0.1.0',
        faults: [],
        certificateEnds: expect.any(String),
      }),
    ]);
    expect(code).toBe(0);
  });

  it('is refused with another fingerprint, and with none', async () => {
    expect(await faultsOf('tls', { token, fingerprint: fingerprint.replace(/^../, '00') })).toEqual([
      expect.stringContaining('somebody may be in between'),
    ]);
    expect(await faultsOf('tls', { token })).toEqual([
      expect.stringContaining('nobody stands for its certificate'),
    ]);
  });

  it('does not take a wrong token', async () => {
    expect(await faultsOf('tls', { token: `${token}x`, fingerprint })).toEqual([
      expect.stringContaining('token'),
    ]);
  });

  it('needs neither through ssh', async () => {
    const { code, stdout } = await check('ssh', {});
    expect(JSON.parse(stdout).boxes).toEqual([
      expect.objectContaining({ box: 'ssh', version: '0.1.0', faults: [] }),
    ]);
    expect(code).toBe(0);
  });

  it('is not reached through ssh by who may not open the socket', async () => {
    expect(await faultsOf('nobody', {})).toEqual([expect.stringContaining('you may not open it')]);
  });

  it('is told as not there when the box is off, in the time that is given', async () => {
    const [box] = fleet.boxes;
    await box?.cut();
    expect(await faultsOf('tls', { token, fingerprint })).toEqual([expect.any(String)]);
    await box?.on();
    expect(await faultsOf('tls', { token, fingerprint })).toEqual([]);
  });
});
