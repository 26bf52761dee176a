import { settingAtPath } from '../merge/resolve.ts';
import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import type { Condition, Expression, Origin, TemplateReference } from './template.ts';
import { mappingMethods } from './words.ts';

/** What a template is rendered with, as far as conditions are concerned. */
export interface Rendering {
  root: EffectiveMapping;
  pathOf(origin: Origin): string[];
  /** What was found out already. */
  reached: Map<Condition, boolean>;
}

/** Whether a place can be reached, as far as that is known: only what certainly does not hold says no. */
export function isReached(condition: Condition | undefined, rendering: Rendering): boolean {
  const open: Condition[] = [];
  let one = condition;
  while (one !== undefined && !rendering.reached.has(one)) {
    open.push(one);
    one = one.outer;
  }
  let reached = one === undefined || rendering.reached.get(one) !== false;
  for (const inner of open.reverse()) {
    reached &&= truth(inner.expression, rendering) !== !inner.wanted;
    rendering.reached.set(inner, reached);
  }
  return reached;
}

/** `undefined` where it cannot be known. */
function truth(expression: Expression, rendering: Rendering): boolean | undefined {
  switch (expression.kind) {
    case 'literal':
      return Boolean(expression.value);
    case 'setting':
      return settingTruth(expression.of, rendering);
    case 'defined':
      return isDefined(expression.of, rendering);
    case 'not':
      return opposite(truth(expression.of, rendering));
    case 'all':
      return joined(expression.of, rendering, false);
    case 'any':
      return joined(expression.of, rendering, true);
    case 'equal':
      return isEqual(scalar(expression.left, rendering), scalar(expression.right, rendering));
    case 'among':
      return isAmong(expression.item, expression.list, rendering);
    case 'contains':
      return isContained(expression.of, rendering);
    default:
      return undefined;
  }
}

function opposite(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** One that is `decisive` decides; else all must be known. */
function joined(parts: readonly Expression[], rendering: Rendering, decisive: boolean): boolean | undefined {
  const values = parts.map((one) => truth(one, rendering));
  if (values.includes(decisive)) return decisive;
  return values.includes(undefined) ? undefined : !decisive;
}

function valueAt(origin: Origin, { root, pathOf }: Rendering): EffectiveValue | undefined {
  return settingAtPath(root.entries, pathOf(origin))?.value;
}

/** What stands behind a dot and is called as a method of mappings is that method. */
function isMethod({ path }: Origin): boolean {
  return path.some((name) => mappingMethods.has(name));
}

/** What `.get` gives is always there. */
function isDefined(of: TemplateReference, rendering: Rendering): boolean | undefined {
  if (of.absent !== 'undefined') return true;
  return isMethod(of) ? undefined : valueAt(of, rendering) !== undefined;
}

function settingTruth(of: TemplateReference, rendering: Rendering): boolean | undefined {
  const value = valueAt(of, rendering);
  if (isMethod(of) || (value === undefined && of.absent === 'unknown')) return undefined;
  return isTruthy(value);
}

function isTruthy(value: EffectiveValue | undefined): boolean | undefined {
  // The condition itself fails, and nothing behind it is reached.
  if (value === undefined) return false;
  switch (value.kind) {
    case 'missing':
      return undefined;
    case 'mapping':
      return [...value.entries.values()].some((one) => one.value !== undefined);
    case 'list':
      return value.items.length > 0;
    default:
      return Boolean(value.node.value);
  }
}

type Scalar = string | number | boolean | null | typeof container;

/** A mapping or list, which equals no scalar. */
const container: unique symbol = Symbol('container');

/** A value that can be compared; `undefined` for any other. */
function scalar(expression: Expression, rendering: Rendering): Scalar | undefined {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind !== 'setting' || isMethod(expression.of)) return undefined;
  const value = valueAt(expression.of, rendering);
  if (value === undefined) return expression.of.absent === 'null' ? null : undefined;
  if (value.kind === 'missing') return undefined;
  if (value.kind === 'mapping' || value.kind === 'list') return container;
  const plain = value.node.value;
  return typeof plain === 'bigint' ? Number(plain) : plain;
}

/** As in Python, `true` equals 1. */
function isEqual(left: Scalar | undefined, right: Scalar | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left === container && right === container) return undefined;
  const plain = (value: Scalar) => (typeof value === 'boolean' ? Number(value) : value);
  return plain(left) === plain(right);
}

function isAmong(item: Expression, list: Expression, rendering: Rendering): boolean | undefined {
  if (list.kind !== 'list') return undefined;
  const wanted = scalar(item, rendering);
  const found = list.of.map((one) => isEqual(wanted, scalar(one, rendering)));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

function isContained({ root, path }: Origin, rendering: Rendering): boolean | undefined {
  const name = path.at(-1) ?? '';
  const value = valueAt({ root, path: path.slice(0, -1) }, rendering);
  switch (value?.kind) {
    case undefined:
      return false;
    case 'mapping':
      return value.entries.get(name)?.value !== undefined;
    case 'string':
      return value.node.kind === 'string' && value.node.value.includes(name);
    case 'list':
      return value.items.some(({ node }) => node.kind === 'string' && node.value === name);
    default:
      return undefined;
  }
}
