import * as vscode from 'vscode';
import { type BuildEnd, type BuildRequest, type BuildRun, runBuild } from './buildRun.ts';
import { buildKey } from './definition.ts';
import { terminalText } from './output.ts';
import { knownAside } from './problemLines.ts';
import { isShownAlready } from './shownProblems.ts';

const flushMs = 250;

/** Something that a build told. */
export interface BuildNews {
  key: string;
  /** A step that begins. */
  step?: string;
  /** It is over. */
  end?: BuildEnd;
}

/** The builds of this window. */
export interface Builds extends vscode.Disposable {
  /** The command's bundle. */
  cli: string;
  /** The terminal of a task that builds. */
  terminal(request: BuildRequest): vscode.Pseudoterminal;
  isRunning(key: string): boolean;
  /** As Ctrl+C in its terminal. */
  stop(key: string): void;
  readonly onNews: vscode.Event<BuildNews>;
}

export function openBuilds(extensionUri: vscode.Uri): Builds {
  const running = new Map<string, BuildRun>();
  const news = new vscode.EventEmitter<BuildNews>();
  return {
    cli: vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath,
    terminal: (request) => buildTerminal(request, running, news),
    isRunning: (key) => running.has(key),
    stop: (key) => running.get(key)?.stop(),
    onNews: news.event,
    dispose() {
      for (const run of running.values()) run.stop();
      news.dispose();
    },
  };
}

/** Shows a build; Ctrl+C and closing the terminal end it as they end the command in any terminal. */
function buildTerminal(
  request: BuildRequest,
  running: Map<string, BuildRun>,
  news: vscode.EventEmitter<BuildNews>,
): vscode.Pseudoterminal {
  const key = buildKey(request.root, request.definition);
  const texts = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number>();
  let run: BuildRun | undefined;
  const output = knownAside(
    (problem) => isShownAlready(request.cwd, problem),
    (text) => texts.fire(terminalText(text)),
  );
  const begin = async () => {
    run = runBuild(request, {
      text: output.text,
      step: (step) => news.fire({ key, step }),
    });
    running.set(key, run);
    const end = await run.ended;
    // For the walkthrough, which sees no tasks.
    if (end.result?.built) void vscode.commands.executeCommand('setContext', 'strata.hasBuilt', true);
    output.end();
    if (running.get(key) === run) running.delete(key);
    // A terminal hands lines on later than it gets them: problem matchers would miss those that come with its end.
    await new Promise((resolve) => setTimeout(resolve, flushMs));
    closed.fire(end.code);
    news.fire({ key, end });
  };
  return {
    onDidWrite: texts.event,
    onDidClose: closed.event,
    open: () => void begin(),
    close: () => run?.stop(),
    handleInput(data) {
      if (data === '\x03') run?.stop();
    },
  };
}
