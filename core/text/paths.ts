/**
 * Paths as the core sees them: absolute, with `/` between their parts on every platform (`C:/code` on
 * Windows). Whoever calls the core converts at the border.
 */

/** Joins a folder and a relative path; `.` and `..` are resolved. An absolute second path wins. */
export function joinPath(folder: string, relative: string): string {
  const whole = isAbsolute(relative) ? relative : `${folder}/${relative}`;
  const lead = whole.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return lead + parts.join('/');
}

/** The folder that holds the file. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.startsWith('/') ? 1 : 0));
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path as seen from a folder: relative where it lies in or beside it, with `..` where needed. */
export function relativePath(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  if (shared === 0) return path;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/') || '.';
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}
