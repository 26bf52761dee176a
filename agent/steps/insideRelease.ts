import fs from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';

/**
 * The absolute path of a file that an app's options name, whether it is there or not. `refused` for one outside of the release, also by links in it:
 * the agent may write where the app's user may not.
 * @param option what names it, for the message.
 */
export async function insideRelease(release: string, name: string, option: string): Promise<string> {
  const at = path.resolve(release, name);
  const real = await realPath(path.dirname(at));
  const isLink = (await ifThere(fs.lstat(at)))?.isSymbolicLink() === true;
  const root = await fs.realpath(release);
  if (at !== path.resolve(release) && !isLink && (real === root || real.startsWith(root + path.sep)))
    return at;
  throw new AgentError('refused', `${option}: ${name} is not inside of the release`);
}

/** That of the nearest folder above which is there. */
async function realPath(folder: string): Promise<string> {
  const real = await ifThere(fs.realpath(folder));
  if (real !== undefined) return real;
  return path.join(await realPath(path.dirname(folder)), path.basename(folder));
}
