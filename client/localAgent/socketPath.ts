import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The longest path that a unix socket can have on Linux, in bytes. */
const longestPath = 107;

/**
 * The path of an agent's socket: in the agent's folder where that is short enough, else in a folder that is its user's alone. Throws where
 * somebody else has that folder.
 */
export function socketPath(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const usual = path.join(root, '.strata', 'agent.sock');
  if (Buffer.byteLength(usual) <= longestPath) return usual;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return path.join(ownFolder(env.XDG_RUNTIME_DIR || os.tmpdir()), `${name}.sock`);
}

function ownFolder(parent: string): string {
  const uid = os.userInfo().uid;
  const folder = path.join(parent, `strata-${uid}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(folder);
  const isOwn = stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0;
  if (!isOwn) throw new Error(`${folder} is not a folder of yours alone: move it away`);
  return folder;
}
