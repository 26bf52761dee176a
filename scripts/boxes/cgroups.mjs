// Control groups for boxes: each has one of its own, in each tree that systemd looks at.
import { accessSync, constants, existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

// As test/support/boxes/box.sh names them.
const PREFIX = 'strata-boxes-';

/** The trees where groups can be made: one, or two on machines that still have the old kind beside the new. */
export function cgroupRoots() {
  const base = '/sys/fs/cgroup';
  const roots = existsSync(join(base, 'cgroup.procs'))
    ? [base]
    : [join(base, 'unified'), join(base, 'systemd')].filter((one) => existsSync(join(one, 'cgroup.procs')));
  return roots.filter(isWritable);
}

/** Takes away all groups of boxes in which nobody is, also those that runs which were killed left behind. */
export function sweepCgroups() {
  for (const root of cgroupRoots())
    for (const name of readdirSync(root)) if (name.startsWith(PREFIX)) removeEmpty(join(root, name));
}

/** @param {string} folder */
function removeEmpty(folder) {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
    rmdirSync(folder);
  } catch {
    // Somebody is in it, or took it away.
  }
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
