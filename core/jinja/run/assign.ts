import { fail } from '../failure.ts';
import type { Target } from '../nodes.ts';
import { iterate } from '../python/iterate.ts';
import { as, type Value } from '../value.ts';
import { type Frame, valueIn, variable } from './frame.ts';

/** Gives a value to a name, to several, or to an attribute of a namespace. */
export function assign(frame: Frame, target: Target, value: Value): void {
  if (target.kind === 'name') frame.scope.values.set(variable(frame, target.name), value);
  else if (target.kind === 'tuple') unpack(frame, target.items, value);
  else namespaceOf(frame, target.name).assign?.(target.attribute, value);
}

function unpack(frame: Frame, targets: readonly Target[], value: Value): void {
  const items: Value[] = [];
  for (const item of iterate(frame.run.budget, value)) {
    if (items.length === targets.length) fail(`too many values to unpack (expected ${targets.length})`);
    items.push(item);
  }
  if (items.length < targets.length) {
    fail(`not enough values to unpack (expected ${targets.length}, got ${items.length})`);
  }
  for (const [at, target] of targets.entries()) assign(frame, target, items[at] ?? null);
}

function namespaceOf(frame: Frame, name: string) {
  const value = valueIn(frame.scope, variable(frame, name));
  const namespace = as('object', value);
  if (namespace?.assign === undefined) return fail('cannot assign attribute on non-namespace object');
  return namespace;
}

/** Fails where an attribute would be given to something that has none, before the value is computed. */
export function checkNamespaces(frame: Frame, target: Target): void {
  if (target.kind === 'namespace') namespaceOf(frame, target.name);
  if (target.kind === 'tuple') for (const item of target.items) checkNamespaces(frame, item);
}

/** At the top of a template, tells the context about names that were given values. */
export function publish(frame: Frame, target: Target): void {
  if (!frame.toplevel) return;
  if (target.kind === 'tuple') for (const item of target.items) publish(frame, item);
  if (target.kind !== 'name') return;
  const value = valueIn(frame.scope, variable(frame, target.name));
  if (value !== undefined) frame.context.own.set(target.name, value);
  if (!target.name.startsWith('_')) frame.context.exported.add(target.name);
}
