import { fail } from '../failure.ts';
import { iterate, truth } from '../python/iterate.ts';
import { type Arguments, stream, type Value } from '../value.ts';
import { lookUp, partsOf } from './attributeOf.ts';
import { type Filters, openFilter, type Services } from './filter.ts';

function* map(value: Value, given: Arguments, services: Services): Generator<Value> {
  if (!truth(value)) return;
  const change = changeOf(given, services);
  for (const item of iterate(services.budget, value)) yield change(item);
}

function changeOf({ args, named }: Arguments, { budget, filter }: Services): (item: Value) => Value {
  const attribute = named.get('attribute');
  if (args.length === 0 && attribute !== undefined) {
    for (const name of named.keys()) {
      if (name !== 'attribute' && name !== 'default') fail(`Unexpected keyword argument '${name}'`);
    }
    return (item) => lookUp(budget, item, partsOf(attribute), named.get('default'));
  }
  const [name, ...rest] = args;
  if (name === undefined) return fail('map requires a filter argument');
  return (item) => filter(name, item, { args: rest, named });
}

/** `select` and the like: elements for which a test, or the truth of an attribute, is as wanted. */
function selecting(wanted: boolean, byAttribute: boolean) {
  return openFilter((value, given, services) => stream(select(value, given, services, wanted, byAttribute)));
}

function* select(
  value: Value,
  { args, named }: Arguments,
  services: Services,
  wanted: boolean,
  byAttribute: boolean,
): Generator<Value> {
  if (!truth(value)) return;
  if (byAttribute && args.length === 0) fail('Missing parameter for attribute name');
  const parts = byAttribute ? partsOf(args[0]) : [];
  const [name, ...rest] = byAttribute ? args.slice(1) : args;
  for (const item of iterate(services.budget, value)) {
    const tested = lookUp(services.budget, item, parts);
    const holds = name === undefined ? truth(tested) : services.test(name, tested, { args: rest, named });
    if (holds === wanted) yield item;
  }
}

/** The filters that take a filter or test for each element. */
export const selectFilters: Filters = {
  map: openFilter((value, given, services) => stream(map(value, given, services))),
  reject: selecting(false, false),
  rejectattr: selecting(false, true),
  select: selecting(true, false),
  selectattr: selecting(true, true),
};
