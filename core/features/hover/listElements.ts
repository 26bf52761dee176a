import { contextLabel } from '../../layers/context.ts';
import type { EffectiveList } from '../../merge/setting.ts';
import type { Model } from '../../workspace/model.ts';
import { type Explanation, nodeText } from '../explain.ts';
import { code, type LinkTo, placeLink, shortened } from '../markdown.ts';
import { settingAt } from '../settingAt.ts';

const mostElements = 10;

/**
 * The elements of a list in the active context, each with the layer that it comes from. The one at the offset is
 * marked, and is among those that are shown. Empty for what is no list.
 */
export function listElements(
  model: Model,
  { context, value }: Explanation,
  at: { file: string; offset: number | undefined },
  linkTo: LinkTo,
): string {
  if (value?.kind !== 'list' || value.items.length === 0) return '';
  const stack = model.stack(context);
  const own = stack.findIndex((one) => one.file === at.file);
  const marked = own === -1 ? undefined : elementAt(model, value, at, own);
  const lines = shownOf(value.items, marked).map((item) => {
    const file = stack[item.layer]?.file ?? '';
    const link = placeLink(file, model.lines(file).position(item.node.range.start), linkTo);
    return `- ${code(shortened(nodeText(item.node)))} ${link}${item === marked ? ' **← this one**' : ''}`;
  });
  const more = value.items.length - lines.length;
  const rest = more > 0 ? `\n- *and ${more} more*` : '';
  return `**Elements in ${contextLabel(context)}:**\n\n${lines.join('\n')}${rest}`;
}

type Item = EffectiveList['items'][number];

/** The element of the effective list that this very file gives at the offset. */
function elementAt(
  model: Model,
  { items }: EffectiveList,
  { file, offset }: { file: string; offset: number | undefined },
  own: number,
): Item | undefined {
  const layer = model.layer(file);
  const element = layer && offset !== undefined ? settingAt(layer, offset)?.element : undefined;
  return element === undefined ? undefined : items.filter((item) => item.layer === own)[element];
}

function shownOf(items: readonly Item[], marked: Item | undefined): Item[] {
  const first = items.slice(0, mostElements);
  if (marked === undefined || first.includes(marked)) return first;
  return [...first.slice(0, -1), marked];
}
