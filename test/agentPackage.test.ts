import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageAgent } from '../scripts/agent-package/package.mjs';
import { newFolder } from './support/repository.ts';

// Node itself is packed in the stage `boxes`: here a script stands for it.
function smallNode(): string {
  const folder = newFolder();
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.writeFileSync(path.join(folder, 'bin/node'), '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'LICENSE'), 'Node is free.\n');
  return folder;
}

function packed(version = '1.2.3'): Promise<string[]> {
  const systems = [{ arch: 'x64', debian: 'amd64', folder: smallNode() }];
  return packageAgent({ into: newFolder(), version, systems });
}

function text(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8' });
}

/** Modes, owners and names of a listing. */
function listed(listing: string): string[] {
  return listing
    .trim()
    .split('\n')
    .map((line) => {
      const [mode, owner, , , , ...name] = line.split(/\s+/);
      return `${mode} ${owner} ${name.join(' ')}`;
    });
}

const files = { tarball: '', deb: '' };
beforeAll(async () => {
  const [tarball = '', deb = ''] = await packed();
  Object.assign(files, { tarball, deb });
});

describe('the packages of the agent', () => {
  it('have names that say the version and the system', () => {
    expect([files.tarball, files.deb].map((file) => path.basename(file))).toEqual([
      'strata-agent-1.2.3-linux-x64.tar.gz',
      'strata-agent_1.2.3_amd64.deb',
    ]);
  });

  it('are the same bytes, whoever packs them and when', async () => {
    const again = await packed();
    expect(again.map((file) => fs.readFileSync(file).equals(fs.readFileSync(sameOf(file))))).toEqual([
      true,
      true,
    ]);
  });

  it('have a tarball of exactly this', () => {
    expect(
      listed(text('tar', 'tvf', files.tarball)).map((line) => line.replace(/strata-agent-[^/]*\//, '')),
    ).toEqual([
      'drwxr-xr-x root/root ',
      '-rw-r--r-- root/root ARCH',
      '-rw-r--r-- root/root BUILD',
      '-rw-r--r-- root/root LICENSE',
      '-rw-r--r-- root/root LICENSE.node',
      '-rw-r--r-- root/root THIRD_PARTY_NOTICES.txt',
      '-rw-r--r-- root/root agent.env',
      'drwxr-xr-x root/root bin/',
      '-rwxr-xr-x root/root bin/node',
      '-rwxr-xr-x root/root bin/strata-agent',
      'drwxr-xr-x root/root docs/',
      '-rw-r--r-- root/root docs/agent.md',
      '-rw-r--r-- root/root docs/boxes.md',
      '-rw-r--r-- root/root docs/deployments.md',
      '-rwxr-xr-x root/root install.sh',
      'drwxr-xr-x root/root lib/',
      '-rwxr-xr-x root/root lib/agent.js',
      'drwxr-xr-x root/root schemas/',
      '-rw-r--r-- root/root schemas/strata-agent.schema.json',
      '-rw-r--r-- root/root strata-agent.service',
    ]);
  });

  it('have scripts that a shell can read', () => {
    const folder = path.resolve(import.meta.dirname, '../packaging/agent');
    const debian = fs.readdirSync(path.join(folder, 'debian')).map((name) => `debian/${name}`);
    const scripts = ['install.sh', 'strata-agent', ...debian];
    for (const name of scripts) text('sh', '-n', path.join(folder, name));
  });
});

describe.skipIf(!hasDpkg())('the .deb (needs dpkg-deb, of any Debian)', () => {
  it('says what it is', () => {
    expect(text('dpkg-deb', '--field', files.deb, 'Package', 'Version', 'Architecture', 'Depends')).toBe(
      'Package: strata-agent\nVersion: 1.2.3\nArchitecture: amd64\n' +
        'Depends: util-linux, ca-certificates, libc6 (>= 2.28), libstdc++6\n',
    );
    const folder = newFolder();
    text('dpkg-deb', '--control', files.deb, path.join(folder, 'control'));
    expect(fs.readdirSync(path.join(folder, 'control')).sort()).toEqual([
      'conffiles',
      'control',
      'md5sums',
      'postinst',
      'postrm',
      'preinst',
      'prerm',
    ]);
    expect(fs.readFileSync(path.join(folder, 'control/conffiles'), 'utf8')).toBe('/etc/strata/agent.env\n');
  });

  it('holds the program, its unit, its documents and a config file, as root', () => {
    const lines = listed(text('dpkg-deb', '--contents', files.deb));
    expect(
      lines.filter((line) => !line.startsWith('d')).map((line) => line.replace(' root/root', '')),
    ).toEqual([
      '-rw-r--r-- ./etc/strata/agent.env',
      'lrwxrwxrwx ./usr/bin/strata-agent -> ../lib/strata-agent/bin/strata-agent',
      '-rwxr-xr-x ./usr/lib/strata-agent/bin/node',
      '-rwxr-xr-x ./usr/lib/strata-agent/bin/strata-agent',
      '-rwxr-xr-x ./usr/lib/strata-agent/lib/agent.js',
      '-rw-r--r-- ./usr/lib/strata-agent/schemas/strata-agent.schema.json',
      '-rw-r--r-- ./usr/lib/systemd/system/strata-agent.service',
      '-rw-r--r-- ./usr/share/doc/strata-agent/LICENSE',
      '-rw-r--r-- ./usr/share/doc/strata-agent/LICENSE.node',
      '-rw-r--r-- ./usr/share/doc/strata-agent/THIRD_PARTY_NOTICES.txt',
      '-rw-r--r-- ./usr/share/doc/strata-agent/agent.md',
      '-rw-r--r-- ./usr/share/doc/strata-agent/boxes.md',
      '-rw-r--r-- ./usr/share/doc/strata-agent/copyright',
      '-rw-r--r-- ./usr/share/doc/strata-agent/deployments.md',
    ]);
  });
});

function sameOf(file: string): string {
  return file.endsWith('.deb') ? files.deb : files.tarball;
}

function hasDpkg(): boolean {
  try {
    return text('dpkg-deb', '--version') !== '';
  } catch {
    return false;
  }
}
