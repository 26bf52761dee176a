import type { LayerMapAnswer, LayerMapMessage, LayerMapTexts } from '../../protocol/layerMapView.ts';
import type { LayerMapResult, MapCell } from '../../protocol/layers.ts';
import { element, filled } from '../dom.ts';

type Answer = (answer: LayerMapAnswer) => void;

/** Draws the map anew: a table of sections by layers, and a choice of contexts above it. */
export function renderMap(root: HTMLElement, message: LayerMapMessage, answer: Answer): void {
  const focused = focusedPlace(root);
  root.replaceChildren(
    element('h1', {}, message.texts.title.replace('{0}', message.map.app)),
    contextChoice(message, answer),
    legend(message.texts),
    table(message, answer),
  );
  const cells = [...root.querySelectorAll<HTMLElement>('button.cell')];
  const again = cells.find(({ dataset }) => `${dataset.row}/${dataset.column}` === focused);
  (again ?? cells[0])?.setAttribute('tabindex', '0');
  if (focused !== undefined) again?.focus();
}

function focusedPlace(root: HTMLElement): string | undefined {
  const { activeElement } = document;
  const cell =
    activeElement instanceof HTMLElement && root.contains(activeElement) ? activeElement : undefined;
  return cell?.classList.contains('cell') ? `${cell.dataset.row}/${cell.dataset.column}` : undefined;
}

function contextChoice({ map, context, texts }: LayerMapMessage, answer: Answer): HTMLElement {
  const group = element('div', { class: 'contexts', role: 'radiogroup', 'aria-label': texts.title });
  const add = (label: string, index: number | null) => {
    const input = element('input', { type: 'radio', name: 'context' }) as HTMLInputElement;
    input.checked = index === context;
    input.addEventListener('change', () => answer({ type: 'context', context: index }));
    const one = element('label', {});
    one.append(input, label);
    group.append(one);
  };
  add(texts.all, null);
  for (const [index, { label }] of map.contexts.entries()) add(label, index);
  return group;
}

/** How a layer's word on a section fares in a context. */
type Fate = 'wins' | 'partly' | 'overridden';

function fateOf({ given, won }: MapCell['contexts'][number]): Fate {
  if (won === 0) return 'overridden';
  return won === given ? 'wins' : 'partly';
}

function legend(texts: LayerMapTexts): HTMLElement {
  const list = element('ul', { class: 'legend' });
  for (const fate of ['wins', 'partly', 'overridden'] as const) {
    const item = element('li', {});
    item.append(mark(fate), texts[fate]);
    list.append(item);
  }
  return list;
}

function table({ map, context, texts }: LayerMapMessage, answer: Answer): HTMLElement {
  const whole = element('table', {});
  const head = element('tr', {});
  head.append(element('th', { scope: 'col' }, texts.section));
  for (const { slot, place, file } of map.layers) {
    const name = element('span', { class: 'name' }, slot);
    if (place !== null) name.append(' ', element('span', { class: 'place' }, place));
    head.append(element('th', { scope: 'col', class: 'layer', title: file }, name));
  }
  whole.append(element('thead', {}, head), element('tbody', {}, ...rows(map, context, texts, answer)));
  return element('div', { class: 'scroll' }, whole);
}

function rows(
  map: LayerMapResult,
  context: number | null,
  texts: LayerMapTexts,
  answer: Answer,
): HTMLElement[] {
  return map.sections.map(({ path, cells }, row) => {
    const key = path.join('.');
    const byLayer = new Map(cells.map((cell) => [cell.layer, cell]));
    const line = element('tr', {}, element('th', { scope: 'row' }, key));
    for (const column of map.layers.keys()) {
      const cell = byLayer.get(column);
      const shown = cell?.contexts.filter((one) => context === null || one.context === context) ?? [];
      const td = element('td', {});
      if (cell !== undefined && shown.length > 0) {
        td.append(button(map, key, { ...cell, contexts: shown }, { row, column }, texts, answer));
      }
      line.append(td);
    }
    return line;
  });
}

function button(
  map: LayerMapResult,
  key: string,
  cell: MapCell,
  { row, column }: { row: number; column: number },
  texts: LayerMapTexts,
  answer: Answer,
): HTMLElement {
  const { slot = '', place = null } = map.layers[cell.layer] ?? {};
  const name = filled(texts.cell, place === null ? slot : `${slot} (${place})`, key);
  const told = cell.contexts.map(({ context, given, won }) =>
    filled(texts.counts, map.contexts[context]?.label ?? '', String(won), String(given)),
  );
  const label = `${name}\n${told.join('\n')}`;
  const one = element('button', {
    class: 'cell',
    type: 'button',
    title: label,
    'aria-label': label,
    tabindex: '-1',
  });
  one.dataset.row = String(row);
  one.dataset.column = String(column);
  one.append(...cell.contexts.map((of) => mark(fateOf(of))));
  one.addEventListener('click', () => answer({ type: 'open', place: cell.place }));
  return one;
}

/** A sign that is told apart by its shape, not by its colour alone. */
function mark(fate: Fate): HTMLElement {
  return element('span', { class: `mark ${fate}`, 'aria-hidden': 'true' });
}
