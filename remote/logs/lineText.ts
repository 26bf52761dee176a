import type { Colors } from 'picocolors/types.js';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { Entry } from './entry.ts';
import { foreignLine, foreignText } from './foreignText.ts';

/**
 * Makes the lines of a log: time, box where there are several, stage or state, text.
 * @param areApps whether the app is told as well, because there may be several.
 * @param days whether the day is told of every line, or only where it is not today.
 */
export function lineWriter(
  boxes: readonly string[],
  areApps: boolean,
  colors: Colors,
  days: 'all' | 'others' = 'others',
): (entry: Entry) => string {
  const width = Math.max(...boxes.map((one) => one.length));
  const paints = [colors.cyan, colors.magenta, colors.yellow, colors.blue, colors.green];
  const names = boxes.map((one, at) => [one, (paints[at % paints.length] ?? colors.cyan)(one.padEnd(width))]);
  const marks = new Map(boxes.length < 2 ? [] : names.map(([box = '', text]) => [box, `${text}  `]));
  return (entry) => {
    const time = colors.dim(timeText(entry.time, days === 'all' ? undefined : Date.now()));
    const app = areApps ? `${foreignText(entry.deployment.app)}  ` : '';
    return `${time}  ${marks.get(entry.box) ?? ''}${app}${eventText(entry, colors)}\n`;
  };
}

/** An entry as a line of JSON, in which nothing does anything to a terminal either. */
export function jsonLine({ box, deployment, event }: Entry): string {
  const text = JSON.stringify({ box, deployment: deployment.id, event });
  const escaped = text.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `${escaped}\n`;
}

/** The local time, with the day where it is another one. */
function timeText(time: number, now: number | undefined): string {
  const [day, clock] = localTime(time);
  return now !== undefined && day === localTime(now)[0] ? clock : `${day} ${clock}`;
}

function localTime(time: number): [day: string, clock: string] {
  // What a box may say as well, and no date can be.
  if (Math.abs(time) > 8e15) return ['', String(time)];
  const date = new Date(time);
  const shifted = new Date(time - date.getTimezoneOffset() * 60_000);
  if (Number.isNaN(shifted.getTime())) return ['', String(time)];
  const [day = '', clock = ''] = shifted.toISOString().slice(0, -1).split('T');
  return [day, clock];
}

const streamMarks = { stdout: '|', stderr: '!', agent: '*' } as const;

function eventText({ event, deployment }: Entry, colors: Colors): string {
  switch (event.type) {
    case 'log': {
      const text = foreignLine(event.text, colors);
      const stage = colors.dim(`${foreignText(event.stage)} ${streamMarks[event.stream]}`);
      return `${stage} ${event.stream === 'stderr' ? colors.yellow(text) : text}`;
    }
    case 'state': {
      const what = event.state === 'accepted' ? `: ${beginText(deployment)}` : '';
      return `${colors.bold(`= ${event.state}`)}${what}${reasonText(event)}`;
    }
    case 'health': {
      const isRight = event.isHealthy ? colors.green('healthy') : colors.red('not healthy');
      return `${colors.bold('=')} ${isRight} ${foreignText(`(${event.check}): ${event.text}`)}`;
    }
    case 'gap':
      return colors.yellow(`= ${gapText(event)}`);
    case 'end': {
      const paint = event.result === 'done' ? colors.green : colors.red;
      return `${colors.bold(paint(`= end: ${event.result}`))}${reasonText(event)}`;
    }
  }
}

function beginText({ action, app, version, previous, user, id }: Entry['deployment']): string {
  const from = previous === null ? '' : ` (${previous} was live)`;
  return foreignText(`${action} ${app} ${version}${from} by ${user}, deployment ${id}`);
}

function reasonText({ reason }: { reason?: string }): string {
  return reason === undefined ? '' : `: ${foreignText(reason)}`;
}

function gapText({ from, to }: Extract<DeploymentEvent, { type: 'gap' }>): string {
  const what = from === to ? `event ${from} is` : `events ${from} to ${to} are`;
  return `${what} no longer there`;
}
