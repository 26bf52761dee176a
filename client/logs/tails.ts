import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { isListOf, isObject, isText } from '../../protocol/values.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isLogFilter, type LogFilter, noFilter } from './filter.ts';
import { type OpenTail, openTail } from './openTail.ts';
import { isTailQuestion, type TailQuestion } from './question.ts';
import { openSpool } from './spool/spool.ts';

/** The tails that are open. */
export interface Tails extends vscode.Disposable {
  open(question: TailQuestion): Promise<OpenTail>;
  all(): readonly OpenTail[];
  /** That of the active terminal, else the one that was opened last. */
  current(): OpenTail | undefined;
  /** Opens those again that were open when the window was closed, each behind the last line that it had. */
  restore(): Promise<void>;
}

/** A tail as the workspace remembers it. */
interface Remembered {
  id: string;
  question: TailQuestion;
  filter: LogFilter;
}

/** Beside the spools: a window that goes away at once keeps what was put into a file, and may lose what it was to remember. */
const stateFile = 'open.json';

interface Kept extends OpenTail {
  id: string;
  forget(): Promise<void>;
}

export function openTails(extension: vscode.ExtensionContext, fleet: Fleet): Tails {
  const folder = vscode.Uri.joinPath(extension.storageUri ?? extension.globalStorageUri, 'tails').fsPath;
  const tails: Kept[] = [];
  let writing: Promise<void> = Promise.resolve();
  const remember = async () => {
    const state = tails.map(({ id, question, filter }): Remembered => ({ id, question, filter: filter() }));
    writing = writing.then(() => writeState(path.join(folder, stateFile), state));
    await writing;
  };
  const show = async ({ id, question, filter }: Remembered): Promise<Kept> => {
    const spool = await openSpool(path.join(folder, id));
    const tail = openTail(fleet, question, filter, spool);
    const setFilter = async (next: LogFilter) => {
      await Promise.all([tail.setFilter(next), remember()]);
    };
    const forget = async () => {
      await tail.stop();
      await spool.delete();
    };
    const kept = { ...tail, id, setFilter, forget };
    tails.push(kept);
    await remember();
    tellContext(tails);
    return kept;
  };
  const closed = vscode.window.onDidCloseTerminal(async (terminal) => {
    const at = tails.findIndex((one) => one.terminal === terminal);
    // A window that goes away closes its terminals, too.
    if (at < 0 || terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    const [gone] = tails.splice(at, 1);
    tellContext(tails);
    await remember();
    await gone?.forget();
  });
  const activated = vscode.window.onDidChangeActiveTerminal(() => tellContext(tails));
  return {
    open: async (question) => await show({ id: randomUUID(), question, filter: noFilter }),
    all: () => tails,
    current: () => tails.find((one) => one.terminal === vscode.window.activeTerminal) ?? tails.at(-1),
    async restore() {
      const before = await remembered(path.join(folder, stateFile));
      await deleteOthers(folder, [...before, ...tails]);
      for (const one of before) await show(one);
      // VS Code shows an empty shell in their place otherwise.
      if (before.length > 0) tails.at(-1)?.terminal.show(true);
    },
    dispose() {
      vscode.Disposable.from(closed, activated).dispose();
      for (const one of tails) void one.stop();
    },
  };
}

function tellContext(tails: readonly OpenTail[]): void {
  const isActive = tails.some(({ terminal }) => terminal === vscode.window.activeTerminal);
  void vscode.commands.executeCommand('setContext', 'strata.isTailActive', isActive);
  void vscode.commands.executeCommand('setContext', 'strata.hasTails', tails.length > 0);
}

/** That it cannot be kept is no reason to show no log. */
async function writeState(file: string, state: readonly Remembered[]): Promise<void> {
  try {
    await fs.promises.mkdir(path.dirname(file), { recursive: true });
    await fs.promises.writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    await fs.promises.rename(`${file}.new`, file);
  } catch {
    // The next window begins without it.
  }
}

async function remembered(file: string): Promise<Remembered[]> {
  try {
    const value: unknown = JSON.parse(await fs.promises.readFile(file, 'utf8'));
    return isListOf(value, isRemembered) ? value : [];
  } catch {
    return [];
  }
}

function isRemembered(value: unknown): value is Remembered {
  return isObject(value) && isText(value.id) && isTailQuestion(value.question) && isLogFilter(value.filter);
}

/** What a window that crashed has left. */
async function deleteOthers(folder: string, tails: readonly { id: string }[]): Promise<void> {
  const names = await fs.promises.readdir(folder).catch(() => []);
  const gone = names.filter((name) => name !== stateFile && !tails.some(({ id }) => id === name));
  await Promise.all(
    gone.map((name) => fs.promises.rm(path.join(folder, name), { recursive: true, force: true })),
  );
}
