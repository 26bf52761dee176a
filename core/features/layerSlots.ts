import { type Context, sameContext } from '../layers/context.ts';
import { centralDirectories, slotName } from '../layers/stack.ts';
import type { Model } from '../workspace/model.ts';
import { appDirectory, appNamed, buildContextsOf, contextsOf } from '../workspace/workspace.ts';

/** A place where a layer of an app is, or could be. */
export interface LayerSlot {
  /** The name without its ending, `common-production`. */
  slot: string;
  folder: string;
  /** The file that is there; `undefined` where none is. */
  file: string | undefined;
  /** The contexts of the app that load it. */
  contexts: Context[];
}

/**
 * Every place where a layer that this app loads is or could be, lowest first: in each of the scheme's slots, the central directories in
 * their order.
 */
export function layerSlots(model: Model, app: string): LayerSlot[] {
  const { workspace } = model;
  const slots = new Map<string, LayerSlot>();
  const contexts = [...contextsOf(workspace, app), ...buildContextsOf(workspace, app)];
  for (const pattern of workspace.scheme.slots) {
    for (const of of contexts) {
      const slot = slotName(workspace.scheme, pattern.name, of);
      if (slot === undefined || (pattern.modes && !pattern.modes.includes(of.mode))) continue;
      for (const folder of foldersOf(model, of, pattern.where)) addSlot(model, slots, { slot, folder }, of);
    }
  }
  return [...slots.values()];
}

function foldersOf({ workspace }: Model, of: Context, where: 'central' | 'app'): string[] {
  const app = appNamed(workspace, of.app);
  const own = app && appDirectory(workspace, app);
  if (where === 'central') return centralDirectories(workspace, of, own);
  return own === undefined ? [] : [own];
}

function addSlot(
  model: Model,
  slots: Map<string, LayerSlot>,
  { slot, folder }: Pick<LayerSlot, 'slot' | 'folder'>,
  of: Context,
): void {
  const key = `${folder}/${slot}`;
  const known = slots.get(key) ?? {
    ...{ slot, folder, contexts: [] },
    file: model.layersIn(folder).get(slot)?.file,
  };
  if (!known.contexts.some((one) => sameContext(one, of))) known.contexts.push(of);
  // A slot stands where the scheme has it last, as its layer does in a stack.
  slots.delete(key);
  slots.set(key, known);
}
