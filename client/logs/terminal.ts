import * as vscode from 'vscode';
import type { LogFilter } from './filter.ts';
import { isFiltered } from './filter.ts';
import { startTail, type Tail, type TailOptions } from './tail.ts';

/** A tail in a terminal. */
export interface TailTerminal {
  readonly terminal: vscode.Terminal;
  /** What the terminal is told to show. */
  readonly onDidWrite: vscode.Event<string>;
  filter(): LogFilter;
  setFilter(filter: LogFilter): Promise<void>;
  stages(): string[];
  /** Nobody is asked any more. */
  stop(): Promise<void>;
}

/** Opens a terminal, which shows the tail from when it is there on. */
export function openTailTerminal(name: string, options: Omit<TailOptions, 'screen'>): TailTerminal {
  const written = new vscode.EventEmitter<string>();
  const renamed = new vscode.EventEmitter<string>();
  let [tail, filter]: [Tail | undefined, LogFilter] = [undefined, options.filter];
  const stop = async () => await tail?.stop();
  const screen = {
    write: (text: string) => written.fire(text),
    clear: () => written.fire(`${clear}${hint(name, filter)}`),
  };
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidChangeName: renamed.event,
    open() {
      tail = startTail({ ...options, filter, screen });
      tail.ended.catch((error: unknown) => screen.write(`\r\n${error}\r\n`));
    },
    close: () => void stop(),
    handleInput: (key) => void pressed(key, stop),
  };
  // VS Code cannot bring it back by itself: the extension does.
  const terminal = vscode.window.createTerminal({
    name,
    pty,
    iconPath: new vscode.ThemeIcon('output'),
    isTransient: true,
  });
  return {
    terminal,
    onDidWrite: written.event,
    filter: () => filter,
    async setFilter(next) {
      filter = next;
      renamed.fire(isFiltered(next) ? vscode.l10n.t('{0} (filtered)', name) : name);
      await tail?.setFilter(next);
    },
    stages: () => tail?.stages() ?? [],
    stop,
  };
}

/** The screen, what has gone out of it, and the colours. */
const clear = '\u001b[0m\u001b[2J\u001b[3J\u001b[H';

function hint(name: string, filter: LogFilter): string {
  const keys = vscode.l10n.t('f: filter, s: save as, Ctrl+C: stop');
  const what = !isFiltered(filter) ? '' : ` ${vscode.l10n.t('(filtered)')}`;
  return `\u001b[2m${name}${what} · ${keys}\u001b[0m\r\n`;
}

async function pressed(key: string, stop: () => Promise<void>): Promise<void> {
  if (key === '\u0003') await stop();
  if (key === 'f') await vscode.commands.executeCommand('strata.logs.filter');
  if (key === 's') await vscode.commands.executeCommand('strata.logs.save');
}
