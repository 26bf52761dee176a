import module from 'node:module';
import path from 'node:path';

/**
 * Lets Node keep the compiled code of what is loaded from now on, so that the next start need not compile it: Node from
 * 22.1 on; nothing happens on an older one, where the folder cannot be written, or with `NODE_DISABLE_COMPILE_CACHE`.
 */
export function keepCompiledCode(): void {
  const folder = ownFolder();
  if (folder !== undefined) module.enableCompileCache?.(folder);
}

/** A folder that nobody else can write into: what lies there is run. */
function ownFolder(): string | undefined {
  const { XDG_CACHE_HOME, HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32') return below(LOCALAPPDATA);
  if (process.platform === 'darwin') return below(HOME, 'Library', 'Caches');
  return below(XDG_CACHE_HOME) ?? below(HOME, '.cache');
}

function below(folder: string | undefined, ...names: string[]): string | undefined {
  const isUsable = folder !== undefined && path.isAbsolute(folder);
  return isUsable ? path.join(folder, ...names, 'strata', 'compiled') : undefined;
}
