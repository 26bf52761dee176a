import type { Connection, Diagnostic } from 'vscode-languageserver';
import { type Checker, createChecker } from '../core/check/checker.ts';
import { contextsText } from '../core/features/lint.ts';
import type { Model } from '../core/workspace/model.ts';
import { methods } from '../protocol/contexts.ts';
import { toDiagnostic } from './lsp/convert.ts';
import { positionsIn } from './lsp/positions.ts';
import { uriOfFile } from './lsp/uri.ts';
import { type SlowWork, slowWork } from './progress.ts';
import type { Session } from './session.ts';

/** Keeps the problems that the editor shows up to date. */
export interface DiagnosticsPublisher {
  /** Something changed: what it touches is looked at again, as soon as what is being done now is done. */
  update(): void;
}

/** How long one slice of work may hold up requests, in milliseconds. */
const sliceMs = 8;

/**
 * Publishes the problems of all workspaces. The work is done in slices between requests. A change in the middle of it
 * comes first, and the rest goes on behind it. What is told of one app's own files is published at once, what many
 * apps have a say in when all have been asked.
 */
export function publishDiagnostics(
  connection: Pick<Connection, 'sendDiagnostics' | 'sendNotification' | 'window'>,
  session: Session,
): DiagnosticsPublisher {
  const told = new Map<string, Told>();
  let running: Generator<boolean, void> | undefined;
  let isWaiting = false;
  let shown: SlowWork | undefined;

  const work = () => {
    isWaiting = false;
    running ??= passes(connection, session, told);
    const end = performance.now() + sliceMs;
    for (;;) {
      const { done, value: isUrgent } = running.next();
      if (done) {
        running = undefined;
        shown?.done();
        shown = undefined;
        return;
      }
      if (isUrgent || performance.now() >= end) break;
    }
    shown?.tick();
    later();
  };
  const later = () => {
    if (!isWaiting) setImmediate(work);
    isWaiting = true;
  };
  return {
    update() {
      running = undefined;
      shown ??= slowWork(connection, 'Checking layers');
      later();
    },
  };
}

/** A workspace with what the editor was told of it. */
interface Told {
  model: Model;
  checker: Checker;
  /** The files that are published when the work is done. */
  waiting: Set<string>;
  /** By URI, as JSON. */
  published: Map<string, string>;
}

/** One pass over all workspaces; yields after each step, `true` where others should be served before more is done. */
function* passes(
  connection: Pick<Connection, 'sendDiagnostics' | 'sendNotification'>,
  session: Session,
  told: Map<string, Told>,
): Generator<boolean, void> {
  const models = session.models();
  for (const model of models) {
    const { root } = model.workspace;
    const one = told.get(root) ?? {
      model,
      checker: createChecker(model),
      waiting: new Set(),
      published: new Map(),
    };
    told.set(root, { ...one, model });
    for (const step of one.checker.update(model)) {
      if (step === 'indexed') void connection.sendNotification(methods.layersReady);
      publishTouched(connection, { ...one, model }, step === 'changed');
      yield step === 'changed';
    }
    publishTouched(connection, { ...one, model }, true);
  }
  for (const [root, { published }] of told) {
    if (models.some((model) => model.workspace.root === root)) continue;
    for (const uri of published.keys()) void connection.sendDiagnostics({ uri, diagnostics: [] });
    told.delete(root);
  }
}

/** @param all whether files that many apps load are published as well: what one app says of them is not all. */
function publishTouched(connection: Pick<Connection, 'sendDiagnostics'>, one: Told, all: boolean): void {
  const { checker, waiting } = one;
  for (const file of checker.takeTouched()) waiting.add(file);
  for (const file of waiting) {
    if (!all && checker.loaders(file) > 1) continue;
    waiting.delete(file);
    publish(connection, one, file);
  }
}

/** Sends what is told in a file, if it differs from what was sent before. */
function publish(
  connection: Pick<Connection, 'sendDiagnostics'>,
  { model, checker, published }: Told,
  file: string,
): void {
  const positionOf = positionsIn(model);
  const diagnostics = checker
    .findings(file)
    .map((one): Diagnostic => toDiagnostic(one, contextsText(model, one), positionOf));
  const uri = uriOfFile(file);
  const text = JSON.stringify(diagnostics);
  if ((published.get(uri) ?? '[]') === text) return;
  if (diagnostics.length === 0) published.delete(uri);
  else published.set(uri, text);
  void connection.sendDiagnostics({ uri, diagnostics });
}
