import { folderOf } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { Context } from './context.ts';
import { layerStem, type SlotPattern } from './scheme.ts';
import { slotName } from './stack.ts';

/**
 * How high a layer stands, whatever the context: the lower of two has the smaller number. A file that no
 * context loads stands above all.
 */
export function precedence(model: Model, file: string): number {
  const { scheme, configs } = model.workspace;
  const [of] = model.readers(file);
  const stem = layerStem(scheme, file.slice(file.lastIndexOf('/') + 1))?.stem;
  if (of === undefined || stem === undefined) return Number.POSITIVE_INFINITY;
  const folder = folderOf(file);
  const where = !configs.includes(folder) && folder.endsWith(`/${scheme.appDirectory}`) ? 'app' : 'central';
  const slot = scheme.slots.findLastIndex((pattern) => isSlot(model, pattern, where, of, stem));
  return slot * (configs.length + 1) + configs.indexOf(folder) + 1;
}

function isSlot(
  { workspace }: Model,
  pattern: SlotPattern,
  where: SlotPattern['where'],
  of: Context,
  stem: string,
): boolean {
  return pattern.where === where && slotName(workspace.scheme, pattern.name, of) === stem;
}
