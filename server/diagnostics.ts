import { createHash } from 'node:crypto';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import { type Checker, createChecker } from '../core/check/checker.ts';
import { contextsText } from '../core/features/contextsText.ts';
import type { ProblemCode } from '../core/problem.ts';
import type { Model } from '../core/workspace/model.ts';
import { methods } from '../protocol/contexts.ts';
import { type PositionOf, toDiagnostic } from './lsp/convert.ts';
import type { WorkFollower } from './memory.ts';
import { type SlowWork, slowWork } from './progress.ts';
import type { Session } from './session.ts';

/** Keeps the problems that the editor shows up to date. */
export interface DiagnosticsPublisher {
  /** Something changed: what it touches is looked at again, as soon as what is being done now is done. */
  update(): void;
  /** Other problems are to be shown than before, of those that there are. */
  showAnew(): void;
  /** Resolves when everything that changed so far has been looked at, and what was found is published. */
  settled(): Promise<void>;
}

/** What the editor wants to be told, and how. */
export interface DiagnosticsView {
  isShown(code: ProblemCode): boolean;
  /** @param seen the lines of files as they were when the places were found. */
  positionsIn(model: Model, seen: Checker['lines']): PositionOf;
  follower: WorkFollower;
}

/** How long one slice of work may hold up requests, in milliseconds. */
const sliceMs = 5;

/**
 * Publishes the problems of all workspaces. The work is done in slices between requests. A change in the middle of it
 * comes first, and the rest goes on behind it. What is told of one app's own files is published at once, what many
 * apps have a say in when all have been asked.
 */
export function publishDiagnostics(
  connection: Sink,
  session: Session,
  view: DiagnosticsView,
): DiagnosticsPublisher {
  const publishing: Publishing = {
    connection,
    session,
    view,
    told: new Map(),
    published: new Map(),
    sent: Promise.resolve(),
  };
  let running: Generator<boolean, void> | undefined;
  let isWaiting = false;
  let shown: SlowWork | undefined;
  let awaited: (() => void)[] = [];

  const work = () => {
    isWaiting = false;
    running ??= passes(publishing);
    const isDone = workFor(running, sliceMs);
    if (isDone) {
      running = undefined;
      shown?.done();
      shown = undefined;
      view.follower.done(() => {
        for (const { store } of session.models()) store.letGoContents();
      });
      for (const resolve of awaited) resolve();
      awaited = [];
    } else {
      shown?.tick();
      // What an editor has not taken yet stands before what it is told next: never more than one slice of it.
      isWaiting = true;
      const next = () => setImmediate(work);
      void publishing.sent.then(next, next);
    }
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
    showAnew() {
      for (const { checker, waiting } of publishing.told.values()) {
        for (const file of checker.files()) waiting.add(file);
      }
      later();
    },
    settled: () =>
      new Promise((resolve) => {
        if (isWaiting) awaited.push(resolve);
        else resolve();
      }),
  };
}

type Sink = Pick<Connection, 'sendDiagnostics' | 'sendNotification' | 'window'>;

/** Goes on with the work until the time is over, or something is urgent; whether all is done. */
function workFor(running: Generator<boolean, void>, ms: number): boolean {
  const end = performance.now() + ms;
  for (;;) {
    const { done, value: isUrgent } = running.next();
    if (done) return true;
    if (isUrgent || performance.now() >= end) return false;
  }
}

/** A workspace with what the editor was told of it. */
interface Told {
  model: Model;
  checker: Checker;
  /** All layers have been read once. */
  isIndexed: boolean;
  /** The files that are still to be published. */
  waiting: Set<string>;
  /** Likewise those that several apps load, when all of these have been asked. */
  shared: Set<string>;
}

interface Publishing {
  connection: Sink;
  session: Session;
  view: DiagnosticsView;
  /** By the roots of the workspaces. */
  told: Map<string, Told>;
  /** By file: where it was told of, and what, as a digest of the JSON. */
  published: Map<string, { uri: string; digest: string }>;
  /** Settles when what was told last is on its way. */
  sent: Promise<void>;
}

/** One pass over all workspaces; yields after each step, `true` where others should be served before more is done. */
function* passes(publishing: Publishing): Generator<boolean, void> {
  const { session, told } = publishing;
  const models = session.models();
  for (const model of models) yield* pass(publishing, toldOf(told, model));
  for (const [root, { checker, waiting, shared }] of told) {
    if (models.some((model) => model.workspace.root === root)) continue;
    told.delete(root);
    // What was shown may be more than what is known by now.
    for (const file of [...checker.files(), ...checker.takeTouched(), ...waiting, ...shared]) {
      publish(publishing, file);
    }
  }
}

function* pass(publishing: Publishing, one: Told): Generator<boolean, void> {
  const { connection, view } = publishing;
  for (const step of one.checker.update(one.model)) {
    if (step === 'indexed') {
      void connection.sendNotification(methods.layersReady);
      view.follower.indexed();
      one.isIndexed = true;
    }
    if (step === 'changed') publishChanged(publishing, one);
    // Before what changed has been taken in, places are those of texts as they were.
    else if (step === 'checked' || !one.isIndexed) yield* publishTouched(publishing, one, false);
    yield step === 'changed';
  }
  yield* publishTouched(publishing, one, true);
}

function toldOf(told: Map<string, Told>, model: Model): Told {
  const { root } = model.workspace;
  const known = told.get(root);
  const one = known ?? startTold(model);
  one.model = model;
  told.set(root, one);
  return one;
}

function startTold(model: Model): Told {
  const checker = createChecker(model);
  return { model, checker, isIndexed: false, waiting: new Set(), shared: new Set() };
}

/** What is told of the files that were just changed comes before all else. */
function publishChanged(publishing: Publishing, { checker }: Told): void {
  for (const file of checker.changed()) publish(publishing, file);
}

/** @param all whether files that many apps load are published as well: what one app says of them is not all. */
function* publishTouched(
  publishing: Publishing,
  { checker, waiting, shared }: Told,
  all: boolean,
): Generator<boolean, void> {
  for (const file of checker.takeTouched()) {
    if (checker.loaders(file) > 1) shared.add(file);
    else waiting.add(file);
  }
  for (const files of all ? [waiting, shared] : [waiting]) {
    for (const file of files) {
      files.delete(file);
      publish(publishing, file);
      yield false;
    }
  }
}

/** Sends what is told in a file, by all workspaces that have it, if it differs from what was sent before. */
function publish(publishing: Publishing, file: string): void {
  const { connection, view, told, published } = publishing;
  const before = published.get(file);
  const found = [...told.values()].map((one) => diagnosticsOf(view, one, file));
  const uri = found[0]?.uri ?? before?.uri;
  if (uri === undefined) return;
  const diagnostics = distinct(found.map((one) => one.diagnostics));
  const digest = diagnostics.length === 0 ? nothing : digestOf(JSON.stringify(diagnostics));
  if (before !== undefined && before.uri !== uri) {
    void connection.sendDiagnostics({ uri: before.uri, diagnostics: [] });
  } else if ((before?.digest ?? nothing) === digest) {
    return;
  }
  if (diagnostics.length === 0) published.delete(file);
  else published.set(file, { uri, digest });
  publishing.sent = connection.sendDiagnostics({ uri, diagnostics });
}

const nothing = '';

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** What two workspaces tell of a layer that both have is told once, in the order of the file. */
function distinct(found: readonly (readonly Diagnostic[])[]): Diagnostic[] {
  const [first = [], ...others] = found.filter(({ length }) => length > 0);
  const all = [...new Map([first, ...others].flat().map((one) => [JSON.stringify(one), one])).values()];
  return others.length === 0 ? all : all.sort(inOrder);
}

function inOrder(one: Diagnostic, other: Diagnostic): number {
  const [start, otherStart] = [one.range.start, other.range.start];
  const byPlace = start.line - otherStart.line || start.character - otherStart.character;
  return byPlace || (one.message < other.message ? -1 : 1);
}

function diagnosticsOf(
  view: DiagnosticsView,
  { model, checker }: Told,
  file: string,
): { uri: string; diagnostics: Diagnostic[] } {
  const positionOf = view.positionsIn(model, checker.lines);
  const shown = checker.findings(file).filter(({ code }) => view.isShown(code));
  const diagnostics = shown.map((one) =>
    toDiagnostic(one, contextsText(model, one.contexts, checker.contexts), positionOf),
  );
  return { uri: positionOf.uriOf(file), diagnostics };
}
