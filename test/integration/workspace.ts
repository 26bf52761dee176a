// What the tests need from VS Code: the workspace they run in, and waiting for what it says.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { FleetView } from '../../client/tree/fleet/view.ts';

export const EXTENSION_ID = 'strata.strata';

const WAIT_LIMIT_MS = 20_000;

/** The extension under test, active, and its language server running. */
export async function activeExtension(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension(EXTENSION_ID);
  assert.ok(extension, `${EXTENSION_ID} is not installed`);
  const { ready } = (await extension.activate()) as { ready: Promise<void> };
  await ready;
  return extension;
}

/** A file of the workspace. */
export function uriOf(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Opens a file of the workspace in an editor. */
export async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/**
 * Where a key stands, found by the keys above it: each is looked for after the one before it, as a whole key
 * and nowhere but deeper in the file.
 */
export function placeOf(document: vscode.TextDocument, ...path: string[]): vscode.Position {
  let line = 0;
  let indent = -1;
  for (const key of path) {
    const pattern = new RegExp(`^( *)${key}:`);
    for (; ; line++) {
      assert.ok(line < document.lineCount, `${document.uri.path} has no ${path.join('.')}`);
      const found = pattern.exec(document.lineAt(line).text)?.[1];
      if (found !== undefined && found.length > indent) {
        indent = found.length;
        break;
      }
    }
  }
  return new vscode.Position(line, indent + 1);
}

/** The text of every hover at a place. */
export async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  const parts = hovers.flatMap((hover) => hover.contents);
  return parts.map((part) => (typeof part === 'string' ? part : part.value)).join('\n');
}

/** Where Go to Definition leads from a place, in order. */
export async function definitions(uri: vscode.Uri, position: vscode.Position): Promise<vscode.Location[]> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    'vscode.executeDefinitionProvider',
    uri,
    position,
  );
  return found.map((it) =>
    'targetUri' in it ? new vscode.Location(it.targetUri, it.targetSelectionRange ?? it.targetRange) : it,
  );
}

/** Strata's problems in all files, with their codes. */
export function problems(): { code: string; uri: vscode.Uri; problem: vscode.Diagnostic }[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, diagnostics]) =>
      diagnostics
        .filter((problem) => problem.source === 'strata')
        .map((problem) => ({ code: codeOf(problem), uri, problem })),
    );
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until diagnostics change such that `probe` finds something, and gives that. */
export function onDiagnostics<T>(what: string, probe: () => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const found = probe();
      if (found === undefined) return;
      stop();
      resolve(found);
    };
    const stop = () => {
      clearTimeout(timer);
      listener.dispose();
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s`));
    }, WAIT_LIMIT_MS);
    const listener = vscode.languages.onDidChangeDiagnostics(check);
    check();
  });
}

/** Asks until the answer passes `test`, and gives that answer; each question takes its own time, so no pauses. */
export async function until<T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (test(answer)) return answer;
    assert.ok(Date.now() < deadline, `still ${JSON.stringify(answer)} after ${WAIT_LIMIT_MS / 1000} s`);
    // Lets what the extension host has to do besides happen.
    await new Promise(setImmediate);
  }
}

/** Lets nobody look at the boxes, so that none is followed. */
export async function hideFleet({ view }: FleetView): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  await until(
    async () => view.visible,
    (isVisible) => !isVisible,
  );
}

/** The processes that this extension host started, found by a part of their command lines. */
export function childProcesses(command: string): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const [pid, parent, state = '', ...args] = line.trim().split(/\s+/);
    const isMine = Number(parent) === process.pid && args.join(' ').includes(command);
    return isMine && !state.startsWith('Z') ? [Number(pid)] : [];
  });
}
