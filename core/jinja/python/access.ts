import type { Budget } from '../run/budget.ts';
import type { Dict, Undefined, Value } from '../value.ts';
import { isCompound, or, textOf, typeName } from '../value.ts';
import { attribute } from './attribute.ts';
import { failUndefined, repr } from './print.ts';
import { subscript } from './subscript.ts';

/** `value.name` as Jinja2 reads it: an attribute, else a key. */
export function attributeOrItem(budget: Budget, value: Value, name: string): Value {
  return or(attribute(budget, value, name), () => or(subscript(value, name), () => absent(value, name)));
}

/** `value[key]` as Jinja2 reads it: a key, else an attribute. */
export function itemOrAttribute(budget: Budget, value: Value, key: Value): Value {
  const item = subscript(value, key);
  if (item !== undefined) return item;
  if (isCompound(key) && key.kind === 'undefined' && isCompound(value) && value.kind === 'dict')
    failUndefined(key);
  const name = textOf(key);
  return or(name === undefined ? undefined : attribute(budget, value, name), () => absent(value, key));
}

/** What stands for a key that is not there. */
export function absent(value: Value, key: Value): Undefined {
  const name = textOf(key);
  const dict = isCompound(value) && value.kind === 'dict' ? value : undefined;
  if (name === undefined || dict === undefined) {
    const what = name === undefined ? `element ${isCompound(key) ? 'of that key' : repr(key)}` : `'${name}'`;
    return { kind: 'undefined', message: `a value of type ${typeName(value)} has no ${what}` };
  }
  const setting = settingOf(dict, name);
  return {
    kind: 'undefined',
    message: `'${name}' is not set`,
    ...(setting === undefined ? {} : { setting }),
  };
}

function settingOf({ path }: Dict, name: string): string | undefined {
  if (path === undefined) return undefined;
  return path === '' ? name : `${path}.${name}`;
}
