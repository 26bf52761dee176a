// What the boxes of these tests boot from, and the packages that are installed in them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageAgent } from '../../scripts/agent-package/package.mjs';
import { cgroupRoots, sweepCgroups } from '../../scripts/boxes/cgroups.mjs';
import { ensureBoxRoot } from '../../scripts/boxes/install.mjs';

export default async function setUp() {
  const packages = fs.mkdtempSync(path.join(tmpdir(), 'strata-packages-'));
  fs.chmodSync(packages, 0o755);
  const env = {
    STRATA_BOX_ROOT: await ensureBoxRoot('plain'),
    STRATA_BOX_SERVERS_ROOT: await ensureBoxRoot('servers'),
    STRATA_BOX_CGROUPS: cgroupRoots().join(':'),
    STRATA_TEST_PACKAGES: packages,
  };
  Object.assign(process.env, env);
  await fill(packages);
  return () => {
    fs.rmSync(packages, { recursive: true, force: true });
    sweepCgroups();
  };
}

/**
 * `old/` and `new/` are unpacked packages, with the .deb of each beside: `old.deb`, `new.deb`.
 * @param {string} packages
 */
async function fill(packages) {
  for (const [name, version] of [
    ['old', '0.0.1'],
    ['new', '0.0.2'],
  ]) {
    const into = path.join(packages, `${name}-packed`);
    // How well it is compressed is of no account here, and takes most of the time.
    const [tarball, deb] = await packageAgent({ into, version, level: 1 });
    fs.mkdirSync(path.join(packages, name));
    execFileSync('tar', ['xf', tarball, '--strip-components=1', '-C', path.join(packages, name)]);
    fs.renameSync(deb, path.join(packages, `${name}.deb`));
    fs.rmSync(into, { recursive: true });
  }
}
