import type { ByteName } from './names.ts';

/** As many links in a row as Linux follows. */
const mostHops = 40;

/**
 * Why a symbolic link may not be in an archive: it leads out of the archive's folder, or might. Links are followed as
 * the system would, through the other links of the archive, for `a/..` is not where `a` stands if `a` is a link itself.
 * @param name the link's own path
 * @param links all links of the archive with their targets
 * @param floor how many folders at the beginning of the path may not be left
 */
export function linkFault(
  name: ByteName,
  links: ReadonlyMap<ByteName, ByteName>,
  floor: number,
): string | undefined {
  const target = links.get(name) ?? '';
  if (target === '') return 'it leads nowhere';
  if (target.includes('\0')) return 'it has a NUL in its target';
  return walk(name, links, floor);
}

function walk(name: ByteName, links: ReadonlyMap<ByteName, ByteName>, floor: number): string | undefined {
  const at = name.split('/');
  const ahead = [at.pop() ?? ''];
  let hops = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    const isOutside = step(at, part, floor);
    if (isOutside) return 'it leads out of the archive';
    const target = links.get(at.join('/'));
    if (target === undefined) continue;
    if (++hops > mostHops) return 'it leads back to itself';
    if (target.startsWith('/') || drive.test(target)) return 'it leads to an absolute path';
    at.pop();
    ahead.push(...target.split('/').reverse());
  }
  return undefined;
}

/** On Windows, a path that begins so is another drive's. */
const drive = /^[A-Za-z]:/;

/** Goes one part of a path further; returns whether that leaves the folders that may not be left. */
function step(at: string[], part: string, floor: number): boolean {
  if (part === '' || part === '.') return false;
  if (part !== '..') at.push(part);
  else if (at.length <= floor) return true;
  else at.pop();
  return false;
}
