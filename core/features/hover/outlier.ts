import { contextNames } from '../contextNames.ts';
import { type Explanation, valueText } from '../explain.ts';
import { code, shortened } from '../markdown.ts';

const mostLetters = 40;
const fewestContexts = 3;

/**
 * Which contexts have another value than all the rest, where they are at most a third of them. Empty where there is
 * no such rule with exceptions, for mappings, and where a placeholder stands open.
 */
export function outlierText(explained: readonly Explanation[]): string {
  const isSimple = explained.every(({ value }) => value?.kind !== 'mapping' && value?.kind !== 'missing');
  if (explained.length < fewestContexts || !isSimple) return '';
  const [usual, ...others] = byValue(explained);
  const few = others.flat();
  if (usual === undefined || few.length === 0 || few.length * 3 > explained.length) return '';
  const told = others.map((group) => ({ names: namesIn(group, explained), value: shown(group[0]) }));
  const instead = shown(usual[0]);
  if (told.some((one) => one.value === instead)) return '';
  const [only, ...more] = told;
  if (only !== undefined && more.length === 0) {
    const verb = only.names.length === 1 ? 'differs' : 'differ';
    return `Only ${only.names.join(', ')} ${verb}: ${only.value} instead of ${instead}.`;
  }
  const each = told.map(({ names, value }) => `${names.join(', ')} (${value})`);
  return `Only ${each.join(', ')} differ from ${instead}.`;
}

/** The contexts by their values, the most frequent value first. */
function byValue(explained: readonly Explanation[]): Explanation[][] {
  const groups = new Map<string, Explanation[]>();
  for (const one of explained) {
    const key = valueText(one.value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
}

function namesIn(group: readonly Explanation[], explained: readonly Explanation[]): string[] {
  return contextNames(
    group.map((one) => one.context),
    explained.map((one) => one.context),
  );
}

function shown(one: Explanation | undefined): string {
  return one?.value === undefined ? '*not set*' : code(shortened(valueText(one.value), mostLetters));
}
