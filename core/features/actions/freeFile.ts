import type { Context } from '../../layers/context.ts';
import type { SlotPattern } from '../../layers/scheme.ts';
import { centralDirectories, slotName } from '../../layers/stack.ts';
import { baseName, folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { appDirectory, contextsOf } from '../../workspace/workspace.ts';

/** How many new files are offered. */
const mostFiles = 3;

/**
 * The files that could be made above a layer for contexts: for each environment the lowest slot that names it, or its
 * cluster where not all of its clusters are meant, and has no file yet.
 */
export function freeFiles(model: Model, file: string, contexts: readonly Context[]): string[] {
  const found = new Set<string>();
  for (const of of contexts) {
    const all = contextsOf(model.workspace, of.app).filter((one) => one.environment === of.environment);
    const isWhole = all.every((one) =>
      contexts.some(
        (other) =>
          other.app === one.app && other.environment === one.environment && other.cluster === one.cluster,
      ),
    );
    const free = freeFile(model, file, of, isWhole ? '{env}' : '{cluster}');
    if (free !== undefined) found.add(free);
  }
  return [...found].slice(0, mostFiles);
}

function freeFile(model: Model, file: string, of: Context, ending: string): string | undefined {
  const { scheme } = model.workspace;
  const own = ownFolder(model, of);
  const above = scheme.slots.slice(slotOf(model, file, of, own) + 1);
  for (const pattern of above.filter(({ name }) => name.endsWith(ending))) {
    const slot = slotName(scheme, pattern.name, of);
    const folder = pattern.where === 'app' ? own : model.workspace.configs.at(-1);
    if (slot === undefined || folder === undefined || isTaken(model, folder, slot)) continue;
    return joinPath(folder, slot + (scheme.endings[0] ?? ''));
  }
  return undefined;
}

function isTaken(model: Model, folder: string, slot: string): boolean {
  const there = model.names(folder);
  return model.workspace.scheme.endings.some((ending) => there.has(slot + ending));
}

function ownFolder({ workspace }: Model, of: Context): string | undefined {
  const app = workspace.apps.find(({ name }) => name === of.app);
  return app && appDirectory(workspace, app);
}

/** The last slot that a file has in a context, by its place in the scheme. */
function slotOf({ workspace }: Model, file: string, of: Context, own: string | undefined): number {
  const isCentral = centralDirectories(workspace, of, own).includes(folderOf(file));
  const where: SlotPattern['where'] = isCentral ? 'central' : 'app';
  return workspace.scheme.slots.findLastIndex((pattern) => {
    const slot = slotName(workspace.scheme, pattern.name, of);
    return pattern.where === where && slot !== undefined && baseName(file).startsWith(`${slot}.`);
  });
}
