import type { ByteName } from './names.ts';

/** As many links in a row as Linux follows. */
const mostHops = 40;

/**
 * Why a symbolic link may not be in an archive: it leads out of the archive's folder, or might. Links are followed as
 * the system would, through the other links of the archive, for `a/..` is not where `a` stands if `a` is a link itself.
 * @param name the link's own path, from the archive's one folder on
 * @param links all links of the archive with their targets
 */
export function linkFault(name: ByteName, links: ReadonlyMap<ByteName, ByteName>): string | undefined {
  const target = links.get(name) ?? '';
  if (target === '') return 'it leads nowhere';
  if (target.includes('\0')) return 'it has a NUL in its target';
  return walk(name, links);
}

function walk(name: ByteName, links: ReadonlyMap<ByteName, ByteName>): string | undefined {
  const at = name.split('/');
  const ahead: string[] = [];
  let hops = 0;
  for (let step: string | undefined = at.pop(); step !== undefined; step = ahead.pop()) {
    if (step === '' || step === '.') continue;
    if (step === '..') at.pop();
    else at.push(step);
    if (at.length === 0) return 'it leads out of the archive';
    const target = step === '..' ? undefined : links.get(at.join('/'));
    if (target === undefined) continue;
    if (++hops > mostHops) return 'it leads back to itself';
    if (target.startsWith('/') || /^[A-Za-z]:/.test(target)) return 'it leads to an absolute path';
    at.pop();
    ahead.push(...target.split('/').reverse());
  }
  return undefined;
}
