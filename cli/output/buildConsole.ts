import { durationText } from '../../artifact/build/duration.ts';
import type { Reporter, StepName, StepResult } from '../../artifact/build/reporter.ts';
import type { Outcome } from '../commands/build/buildApps.ts';
import { foreignLine } from './foreignText.ts';
import { colorsFor } from './problems.ts';
import { type StatusLine, statusLine } from './statusLine.ts';

type Colors = ReturnType<typeof colorsFor>;

/** Shows people how builds go. */
export interface BuildConsole {
  /** Says something of all of them. */
  say(text: string): void;
  /** Tells of one app's build. */
  reporter(app: string): Reporter;
  /** Tells what came of it. */
  tell(outcome: Outcome): void;
  /** Tells what came of all of them. */
  close(outcomes: readonly Outcome[]): void;
  stop(): void;
}

const bannerWidth = 72;

/**
 * Output of builds: a banner for each step, what its commands print, how long it took. On a terminal, a line below says what is
 * going on.
 * @param together the apps that are built at the same time: their lines begin with their names.
 */
export function buildConsole(stream: NodeJS.WriteStream, together: readonly string[]): BuildConsole {
  const colors = colorsFor(stream);
  const status = statusLine(stream);
  const width = Math.max(0, ...together.map((name) => name.length));
  const paints = [colors.cyan, colors.magenta, colors.yellow, colors.blue, colors.green];
  const prefixOf = (app: string) => {
    const index = together.indexOf(app);
    const paint = paints[index % paints.length] ?? colors.cyan;
    return index < 0 ? '' : `${paint(app.padEnd(width))} │ `;
  };
  return {
    say: (text) => void status.write(`${text}\n`),
    reporter: (app) => reporterOf(app, prefixOf(app), status, colors),
    tell: (outcome) => void status.write(outcomeText(outcome, prefixOf(outcome.app), colors)),
    close(outcomes) {
      if (outcomes.length > 1) void status.write(overview(outcomes, colors));
    },
    stop: status.stop,
  };
}

function reporterOf(app: string, prefix: string, status: StatusLine, colors: Colors): Reporter {
  let waiting: StepName | undefined;
  const writeLines = (lines: string[]) => {
    const banner = waiting === undefined ? '' : bannerText(app, waiting, prefix, colors);
    waiting = undefined;
    return status.write(banner + lines.map((line) => `${prefix}${line}\n`).join(''));
  };
  const write = (text: string) => writeLines([text]);
  return {
    begin(step) {
      // A step that has nothing to do needs no banner.
      waiting = step;
      status.set(app, `${app}: ${step}`);
    },
    lines: (lines) => writeLines(lines.map((line) => foreignLine(line, colors))),
    note: (text) => void write(text),
    warn: (text) => void write(`${colors.yellow('warning:')} ${text}`),
    progress: (text) => status.detail(app, text),
    end(result) {
      status.set(app, undefined);
      if (result.outcome === 'none') waiting = undefined;
      if (result.step !== 'summary') void write(endText(result, prefix === '' ? `${app}: ` : '', colors));
    },
  };
}

function bannerText(app: string, step: StepName, prefix: string, colors: Colors): string {
  const title = `── ${prefix === '' ? `${app}: ` : ''}${step} `;
  return `${prefix}${colors.bold(title.padEnd(bannerWidth, '─'))}\n`;
}

function endText({ step, outcome, ms }: StepResult, of: string, colors: Colors): string {
  switch (outcome) {
    case 'none':
      return colors.dim(`── ${of}${step}: nothing to do`);
    case 'done':
      return `${colors.green('✓')} ${step} in ${durationText(ms)}`;
    default:
      return `${colors.red('✗')} ${step} ${outcome} after ${durationText(ms)}`;
  }
}

function outcomeText(outcome: Outcome, prefix: string, colors: Colors): string {
  const { app, failure } = outcome;
  if (failure === undefined) return '';
  const steps = 'steps' in outcome ? outcome.steps : [];
  const last = steps.at(-1);
  const at = last === undefined ? '' : `${last.step}: `;
  const lines = [`${colors.red('strata:')} ${app}: ${at}${failure.message}`];
  if ('logs' in outcome && last !== undefined) lines.push(`the log is in ${outcome.logs}/${last.step}.log`);
  return lines.map((line) => `${prefix}${line}\n`).join('');
}

function overview(outcomes: readonly Outcome[], colors: Colors): string {
  const width = Math.max(...outcomes.map((one) => one.app.length));
  const lines = outcomes.map((one) => {
    const name = one.app.padEnd(width);
    if (!('steps' in one) || one.failure !== undefined) {
      return `${colors.red('✗')} ${name}  ${one.failure?.message ?? ''}`;
    }
    const { uploaded, tarball, steps } = one;
    const ms = steps.reduce((sum, step) => sum + step.ms, 0);
    const what = [uploaded?.version, tarball?.sha256.slice(0, 12), durationText(ms)];
    return `${colors.green('✓')} ${name}  ${what.filter((text) => text !== undefined).join('  ')}`;
  });
  return `\n${lines.map((line) => `${line}\n`).join('')}`;
}
