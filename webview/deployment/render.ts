import type {
  Column,
  DeploymentAction,
  DeploymentMessage,
  DeploymentRow,
  DeploymentTexts,
  DeploymentView,
} from '../../protocol/deploymentView.ts';
import { element, filled } from '../dom.ts';

type Message = Extract<DeploymentMessage, { type: 'deployment' }>;

/** What a person does on the page. */
export interface Hands {
  choose(box: string): void;
  act(action: DeploymentAction): void;
}

const bad = ['failed', 'rolled_back', 'unknown', 'rolling_back', 'unreachable', 'refused'];

/** The box whose log is shown as long as nobody chose one: the first that fails, else the first that is at work. */
export function boxToShow({ rows }: DeploymentView): string | undefined {
  const first = (...states: string[]) => rows.find(({ state }) => states.includes(state))?.box;
  return (
    first(...bad) ?? first('running', 'leaving', 'returning', 'cancelling', 'away', 'left') ?? rows[0]?.box
  );
}

/** Draws the deployment anew: what it is, what can be done, and a table of boxes by stages. */
export function renderDeployment(
  root: HTMLElement,
  { view, texts }: Message,
  selected: string | undefined,
  hands: Hands,
): void {
  const focused = focusedKey(root);
  const known = root.querySelector('header');
  const header = known ?? emptyHeader();
  tellHeader(header, view);
  while (header.nextSibling !== null) header.nextSibling.remove();
  if (known === null) root.append(header);
  root.append(toolbar(view, texts, hands), table(view, texts, selected, hands));
  tick(root);
  if (focused === undefined) return;
  const again = [...root.querySelectorAll<HTMLElement>('button')].find((one) => keyOf(one) === focused);
  // What was just done can no longer be done: the next thing that can.
  (again ?? root.querySelector<HTMLElement>('button'))?.focus();
}

/** Stays as long as the page: what screen readers are to tell has to be there before it changes. */
function emptyHeader(): HTMLElement {
  const summary = element('p', {
    class: 'summary',
    role: 'status',
    'aria-live': 'polite',
    'aria-atomic': 'true',
  });
  return element('header', {}, element('h1', {}), summary);
}

function tellHeader(header: HTMLElement, { title, summary, state }: DeploymentView): void {
  const [heading, status] = header.children;
  if (heading !== undefined && heading.textContent !== title) heading.textContent = title;
  if (status === undefined) return;
  status.className = `summary ${state}`;
  if (status.textContent !== summary) status.textContent = summary;
}

function focusedKey(root: HTMLElement): string | undefined {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && root.contains(activeElement)
    ? keyOf(activeElement)
    : undefined;
}

function keyOf({ dataset }: HTMLElement): string {
  return `${dataset.action ?? ''}/${dataset.box ?? ''}`;
}

const order = ['cancel', 'leave', 'resume', 'retry', 'rollBack', 'logs'] as const;

function toolbar({ can }: DeploymentView, texts: DeploymentTexts, { act }: Hands): HTMLElement {
  const bar = element('div', { class: 'actions' });
  for (const action of order.filter((one) => can[one])) {
    const isCareful = action === 'rollBack' || action === 'leave' || action === 'logs';
    const one = element(
      'button',
      { type: 'button', class: isCareful ? 'secondary' : 'primary', 'data-action': action },
      texts[action],
    );
    one.addEventListener('click', () => act(action));
    bar.append(one);
  }
  return bar;
}

function table(
  { columns, rows }: DeploymentView,
  texts: DeploymentTexts,
  selected: string | undefined,
  hands: Hands,
): HTMLElement {
  const head = [
    ...[texts.box, texts.version].map((text) => element('th', { scope: 'col' }, text)),
    ...columns.map((stage) => element('th', { scope: 'col', class: 'stage' }, texts.stages[stage])),
    ...[texts.result, texts.time].map((text) => element('th', { scope: 'col' }, text)),
  ];
  const boxes = rows.map((row) => rowsOfBox(row, columns, texts, row.box === selected, hands));
  const whole = element('table', {}, element('thead', {}, element('tr', {}, ...head)), ...boxes);
  return element('div', { class: 'scroll' }, whole);
}

/** A box, and below it why it is as it is: a group of rows, so that both are chosen as one. */
function rowsOfBox(
  row: DeploymentRow,
  columns: readonly Column[],
  texts: DeploymentTexts,
  isSelected: boolean,
  { choose }: Hands,
): HTMLElement {
  const { box, reason } = row;
  const kinds = [...(isSelected ? ['selected'] : []), ...(reason === null ? [] : ['explained'])];
  const group = element('tbody', { class: kinds.join(' ') }, line(row, columns, texts, isSelected));
  if (reason !== null) {
    const attributes = { class: 'reason', colspan: String(columns.length + 4) };
    group.append(element('tr', {}, element('td', attributes, element('div', {}, reason))));
  }
  group.addEventListener('click', () => choose(box));
  return group;
}

function line(
  row: DeploymentRow,
  columns: readonly Column[],
  texts: DeploymentTexts,
  isSelected: boolean,
): HTMLElement {
  const { box, from, to, state } = row;
  const button = element(
    'button',
    { type: 'button', class: 'box', 'data-box': box, 'aria-pressed': String(isSelected) },
    box,
  );
  button.tabIndex = isSelected ? 0 : -1;
  const canary = row.isCanary ? [element('span', { class: 'canary' }, texts.canary)] : [];
  const versions = from === null || from === to ? (to ?? '') : `${from} → ${to ?? '?'}`;
  const cells = row.cells.map((cell, at) => {
    const stage = texts.stages[columns[at] ?? 'accepted'];
    const label = filled(texts.cell, box, stage, texts.cells[cell]);
    const mark = element('span', { class: `mark ${cell}`, role: 'img', 'aria-label': label, title: label });
    return element('td', { class: 'stage' }, mark);
  });
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, button, ...canary),
    element('td', { class: 'version' }, versions),
    ...cells,
    element('td', { class: `result ${state}` }, texts.rows[state]),
    element('td', { class: 'time', ...times(row) }),
  );
}

function times({ began, ended }: DeploymentRow): Record<string, string> {
  return {
    ...(began === null ? {} : { 'data-began': String(began) }),
    ...(ended === null ? {} : { 'data-ended': String(ended) }),
  };
}

/** Tells how long boxes have been at it. */
export function tick(root: HTMLElement): void {
  for (const cell of root.querySelectorAll<HTMLElement>('td.time')) {
    const { began, ended } = cell.dataset;
    const ms = (ended === undefined ? Date.now() : Number(ended)) - Number(began);
    cell.textContent = began === undefined ? '' : timeText(Math.max(0, ms));
  }
}

/** `1:05` */
function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
