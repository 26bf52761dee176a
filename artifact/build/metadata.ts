import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Metadata } from '../repository/metadata.ts';
import type { Tarball, Work } from './work.ts';

/** What boxes of yodeploy assume where an app says nothing: hooks in Python 3. */
const usualCompat = '5';

/** The longest text that is told of a commit. */
const longest = 500;

/** What is told of an artifact, by yodeploy's names where it has some; what is not known is left out. */
export function buildMetadata(work: Work, tarball: Tarball): Metadata {
  const { source, folder, toolVersion } = work;
  const facts = {
    commit: source.commit,
    branch: source.branch,
    vcs_tag: source.tag,
    commit_msg: source.message && shortened(source.message),
    dirty: source.changed && `${source.changed.length > 0}`,
    builder: source.ci.url ?? `${userName()}@${os.hostname()}`,
    build_number: source.ci.buildNumber,
    compression: tarball.compression,
    // A box sees before it fetches whether it has room.
    expanded_bytes: tarball.expandedBytes?.toString(),
    entries: tarball.entries?.toString(),
    deploy_compat: compatOf(folder),
    tool_version: toolVersion,
    virtualenv: work.virtualenv,
    node_modules: work.nodeModules,
  };
  return Object.fromEntries(Object.entries(facts).filter((one): one is [string, string] => !!one[1]));
}

function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function compatOf(folder: string): string {
  try {
    const text = fs.readFileSync(path.join(folder, 'deploy/compat'), 'utf8').trim();
    return /^\d+$/.test(text) ? text : usualCompat;
  } catch {
    return usualCompat;
  }
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A process in a container may run under a number that has no name.
    return `${process.getuid?.() ?? 'somebody'}`;
  }
}
