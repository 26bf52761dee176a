import type { Connection, Diagnostic } from 'vscode-languageserver';
import { contextsText, lintWorkspace } from '../core/features/lint.ts';
import type { ProblemCode } from '../core/problem.ts';
import type { Model } from '../core/workspace/model.ts';
import { type PositionOf, toDiagnostic } from './lsp/convert.ts';
import { type SlowWork, slowWork } from './progress.ts';
import type { Session } from './session.ts';

/** Keeps the problems that the editor shows up to date. */
export interface DiagnosticsPublisher {
  /** Something changed: all is looked at again, as soon as what is being done now is done. */
  update(): void;
}

/** What the editor wants to be told, and how. */
export interface DiagnosticsView {
  isShown(code: ProblemCode): boolean;
  positionsIn(model: Model): PositionOf;
}

/** How long one slice of work may hold up requests, in milliseconds. */
const sliceMs = 8;

/**
 * Publishes the problems of all workspaces. The work is done in slices between requests. What changes in the
 * middle of a pass is looked at in one more pass after it, so a burst of changes costs two, and steady typing
 * never holds the answer up.
 */
export function publishDiagnostics(
  connection: Pick<Connection, 'sendDiagnostics' | 'window'>,
  session: Session,
  view: DiagnosticsView,
): DiagnosticsPublisher {
  const publish = publisher(connection);
  let running: ReturnType<typeof passes> | undefined;
  let hasBegun = false;
  let changedMeanwhile = false;
  let shown: SlowWork | undefined;

  const begin = () => {
    hasBegun = false;
    changedMeanwhile = false;
    running = passes(session, view);
    shown ??= slowWork(connection, 'Checking layers');
    setImmediate(work, running);
  };
  const work = (pass: NonNullable<typeof running>) => {
    const end = performance.now() + sliceMs;
    hasBegun = true;
    do {
      const step = pass.next();
      if (step.done) {
        running = undefined;
        publish(step.value);
        if (changedMeanwhile) begin();
        else finish();
        return;
      }
    } while (performance.now() < end);
    shown?.tick();
    setImmediate(work, pass);
  };
  const finish = () => {
    shown?.done();
    shown = undefined;
  };
  return {
    update() {
      if (running === undefined) begin();
      else if (hasBegun) changedMeanwhile = true;
    },
  };
}

/** Sends what differs from what was sent before, and takes back what no longer holds. */
function publisher(
  connection: Pick<Connection, 'sendDiagnostics'>,
): (found: Map<string, Diagnostic[]>) => void {
  const published = new Map<string, string>();
  return (found) => {
    for (const uri of published.keys()) {
      if (!found.has(uri)) found.set(uri, []);
    }
    for (const [uri, diagnostics] of found) {
      const text = JSON.stringify(diagnostics);
      if ((published.get(uri) ?? '[]') === text) continue;
      if (diagnostics.length === 0) published.delete(uri);
      else published.set(uri, text);
      void connection.sendDiagnostics({ uri, diagnostics });
    }
  };
}

function* passes(session: Session, view: DiagnosticsView): Generator<undefined, Map<string, Diagnostic[]>> {
  const found = new Map<string, Diagnostic[]>();
  for (const model of session.models()) yield* lintInto(found, model, view);
  return found;
}

function* lintInto(
  found: Map<string, Diagnostic[]>,
  model: Model,
  view: DiagnosticsView,
): Generator<undefined, void> {
  const findings = yield* lintWorkspace(model);
  const positionOf = view.positionsIn(model);
  for (const one of findings) {
    if (!view.isShown(one.code)) continue;
    const uri = positionOf.uriOf(one.file);
    const diagnostics = found.get(uri) ?? [];
    diagnostics.push(toDiagnostic(one, contextsText(model, one), positionOf));
    found.set(uri, diagnostics);
    yield;
  }
}
