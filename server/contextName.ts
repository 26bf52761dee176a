import { type Context, context, contextLabel } from '../core/layers/context.ts';
import type { ContextName } from '../protocol/contexts.ts';

/** A context as it goes over the wire. */
export function toContextName(of: Context): ContextName {
  const { app, environment, cluster = null, mode } = of;
  return { app, environment, cluster, mode, label: contextLabel(of) };
}

/** A context that came over the wire. */
export function fromContextName({ app, environment, cluster, mode }: ContextName): Context {
  return context(app, environment, { cluster: cluster ?? undefined, mode });
}
