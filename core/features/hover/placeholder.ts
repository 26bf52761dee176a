import type { Context } from '../../layers/context.ts';
import type { Model } from '../../workspace/model.ts';
import { contextNames } from '../contextNames.ts';
import type { ChainLink, Explanation } from '../explain.ts';
import { type LinkTo, plain } from '../markdown.ts';
import { layerLink } from './layerLink.ts';

/**
 * What a placeholder asks for, which layer gives it where, and where none does. Empty for a setting that no layer
 * asks for.
 */
export function placeholderText(
  model: Model,
  explained: readonly Explanation[],
  active: Explanation,
  linkTo: LinkTo,
): string {
  const asked = explained.filter((one) => requiring(one) !== undefined);
  if (asked.length === 0) return '';
  const all = explained.map((one) => one.context);
  const inNames = (of: readonly Context[]) => contextNames(of, all).join(', ');
  const given = byWinner(asked.filter(isGiven)).map(
    ({ contexts, winner }) => `${inNames(contexts)} by ${layerLink(model, winner, linkTo)}`,
  );
  const open = asked.filter((one) => one.value?.kind === 'missing').map((one) => one.context);
  const parts = [
    ...(given.length > 0 ? [`given in ${given.join(', ')}`] : []),
    ...(open.length > 0 ? [`**nobody gives it in ${inNames(open)}**`] : []),
  ];
  return `Placeholder${reasonOf([active, ...asked])}${parts.length > 0 ? `: ${parts.join('; ')}` : ''}.`;
}

function requiring({ chain }: Explanation): ChainLink | undefined {
  return chain.findLast((link) => link.action === 'require');
}

function isGiven({ value }: Explanation): boolean {
  return value !== undefined && value.kind !== 'missing';
}

function reasonOf(explained: readonly Explanation[]): string {
  const reasons = explained.map((one) => {
    const node = requiring(one)?.node;
    return node?.kind === 'missing' ? node.reason : '';
  });
  const reason = reasons.find((one) => one !== '');
  return reason === undefined ? '' : ` (${plain(reason)})`;
}

/** The contexts by the place that gives the value there. */
function byWinner(
  explained: readonly Explanation[],
): { contexts: Context[]; winner: Explanation['winner'] }[] {
  const groups = new Map<string, { contexts: Context[]; winner: Explanation['winner'] }>();
  for (const { context, winner } of explained) {
    const key = `${winner?.file}:${winner?.keyRange?.start}`;
    const group = groups.get(key) ?? { contexts: [], winner };
    group.contexts.push(context);
    groups.set(key, group);
  }
  return [...groups.values()];
}
