import type { ContextName } from '../../../protocol/contexts.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Show Layer Map**: which layers of an app speak of what, and which of them win in each environment. */
export function showLayerMap({ context, layerMaps }: Parts, node?: unknown): void {
  const of: ContextName | null = contextOf(node) ?? context.current().active;
  if (of === null) tellNoContexts();
  else layerMaps.show(of);
}
