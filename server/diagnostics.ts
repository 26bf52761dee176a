import type { Connection, Diagnostic } from 'vscode-languageserver';
import { contextsText, lintWorkspace } from '../core/features/lint.ts';
import type { Model } from '../core/workspace/model.ts';
import { toDiagnostic } from './lsp/convert.ts';
import { uriOfFile } from './lsp/uri.ts';
import { type SlowWork, slowWork } from './progress.ts';
import type { Session } from './session.ts';

/** Keeps the problems that the editor shows up to date. */
export interface DiagnosticsPublisher {
  /** Something changed: all is looked at again, as soon as what is being done now is done. */
  update(): void;
}

/** How long one slice of work may hold up requests, in milliseconds. */
const sliceMs = 8;

/**
 * Publishes the problems of all workspaces. The work is done in slices between requests; a change in the
 * middle of it starts it anew, so a burst of changes costs one pass.
 */
export function publishDiagnostics(
  connection: Pick<Connection, 'sendDiagnostics' | 'window'>,
  session: Session,
): DiagnosticsPublisher {
  const published = new Map<string, string>();
  let running: ReturnType<typeof passes> | undefined;
  let shown: SlowWork | undefined;

  const publish = (found: Map<string, Diagnostic[]>) => {
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
  const work = (mine: NonNullable<typeof running>) => {
    if (running !== mine) return;
    const end = performance.now() + sliceMs;
    do {
      const step = mine.next();
      if (step.done) {
        running = undefined;
        shown?.done();
        shown = undefined;
        publish(step.value);
        return;
      }
    } while (performance.now() < end);
    shown?.tick();
    setImmediate(work, mine);
  };
  return {
    update() {
      running = passes(session);
      shown ??= slowWork(connection, 'Checking layers');
      setImmediate(work, running);
    },
  };
}

function* passes(session: Session): Generator<undefined, Map<string, Diagnostic[]>> {
  const found = new Map<string, Diagnostic[]>();
  for (const model of session.models()) yield* lintInto(found, model, session);
  return found;
}

function* lintInto(
  found: Map<string, Diagnostic[]>,
  model: Model,
  session: Session,
): Generator<undefined, void> {
  for (const one of yield* lintWorkspace(model)) {
    const uri = uriOfFile(one.file);
    const diagnostic = toDiagnostic(one, contextsText(model, one), session.positionOf);
    found.set(uri, [...(found.get(uri) ?? []), diagnostic]);
  }
}
