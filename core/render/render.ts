import type { Context } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import { missingValues } from '../merge/missing.ts';
import type { EffectiveMapping, StackLayer } from '../merge/setting.ts';
import type { Problem } from '../problem.ts';
import type { Model } from '../workspace/model.ts';
import { appNamed } from '../workspace/workspace.ts';
import { publicConfiguration, readPublicData } from './publicData.ts';

/** An effective configuration, and what forbids to write it. */
export interface Rendered {
  root: EffectiveMapping;
  problems: Problem[];
}

/**
 * Merges the layers of a context. The configuration can be used only if there are no problems: layers that
 * do not parse, types that do not fit (in the order of the merge), values that nobody gives.
 */
export function renderConfiguration(model: Model, of: Context): Rendered & { stack: StackLayer[] } {
  const stack = model.stack(of);
  const { root, problems } = mergeStack(stack, model.workspace.merge);
  const broken = stack.flatMap((one) => one.layer.problems);
  return { stack, root, problems: [...broken, ...problems, ...missingValues(stack, root)] };
}

/** The public part of a rendered configuration; `undefined` for an app that makes nothing public. */
export function renderPublic(model: Model, of: Context, whole: EffectiveMapping): Rendered | undefined {
  const app = appNamed(model.workspace, of.app);
  const publicData = app && readPublicData(model, app);
  if (publicData === undefined) return undefined;
  const { root, problems } = publicConfiguration(publicData, whole);
  return { root, problems: [...publicData.problems, ...problems] };
}
