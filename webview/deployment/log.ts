import type { DeploymentMessage, DeploymentTexts, LogLine } from '../../protocol/deploymentView.ts';
import { element, filled } from '../dom.ts';

type LogMessage = Extract<DeploymentMessage, { type: 'log' }>;

/** The log of the box that is looked at. */
export interface LogPart {
  element: HTMLElement;
  take(message: LogMessage, texts: DeploymentTexts | undefined): void;
}

/** So many lines are in the page. */
const mostLines = 3000;

export function logPart(): LogPart {
  const title = element('h2', { id: 'log-title' });
  const lines = element('div', {
    ...{ class: 'lines', role: 'log', tabindex: '0', 'aria-labelledby': 'log-title', 'aria-live': 'off' },
  });
  const whole = element('section', { class: 'log' }, title, lines);
  let failing: number | null = null;
  return {
    element: whole,
    take(message, texts) {
      title.textContent = filled(texts?.log ?? '{0}', message.box);
      const isAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
      fill(lines, message, message.note ?? texts?.noLog ?? '');
      const isNew = message.failing !== null && (message.failing !== failing || !message.isMore);
      failing = message.failing;
      if (isNew) showFailing(lines, message.failing);
      else if ((isAtEnd || !message.isMore) && failing === null) lines.scrollTop = lines.scrollHeight;
    },
  };
}

function fill(lines: HTMLElement, { isMore, lines: told }: LogMessage, empty: string): void {
  if (!isMore) lines.replaceChildren();
  lines.querySelector('.empty')?.remove();
  lines.append(...told.map(lineOf));
  while (lines.childElementCount > mostLines) lines.firstElementChild?.remove();
  if (lines.childElementCount === 0) lines.append(element('p', { class: 'empty' }, empty));
}

/** Marks the line that tells why it failed, and brings it into sight. */
function showFailing(lines: HTMLElement, seq: number | null): void {
  for (const one of lines.querySelectorAll('.failing')) one.classList.remove('failing');
  const line = lines.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  line?.classList.add('failing');
  line?.setAttribute('aria-current', 'true');
  line?.scrollIntoView({ block: 'center' });
}

function lineOf({ seq, time, stage, kind, text }: LogLine): HTMLElement {
  const clock = new Date(time);
  const told = Number.isNaN(clock.getTime()) ? '' : clock.toTimeString().slice(0, 8);
  const words = kind === 'gap' ? `… (${text})` : text;
  return element(
    'div',
    { class: `line ${kind}`, 'data-seq': String(seq) },
    element('span', { class: 'time' }, told),
    element('span', { class: 'stage' }, stage),
    element('span', { class: 'text' }, words),
  );
}
