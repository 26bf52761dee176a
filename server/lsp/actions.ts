import {
  type CodeAction,
  CreateFile,
  DeleteFile,
  type Diagnostic,
  RenameFile,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Action, Change, ShownProblem } from '../../core/features/actions/action.ts';
import { problemCodes } from '../../core/problem.ts';
import { baseName } from '../../core/text/paths.ts';
import type { Range } from '../../core/text/range.ts';
import type { ProblemData } from './convert.ts';
import { type EditOptions, toDocumentEdits, toWorkspaceEdit } from './edits.ts';
import { uriOfFile } from './uri.ts';

/** An action without its edits, which may come later. */
export function toCodeAction(
  { title, kind, preferred, fixes }: Action,
  diagnostics: readonly Diagnostic[],
): CodeAction {
  const fixed = fixes && diagnostics[fixes.index];
  return {
    title,
    kind,
    ...(fixed ? { diagnostics: [fixed] } : {}),
    ...(preferred ? { isPreferred: true } : {}),
  };
}

/** The editor's problems that are ours, as fixes know them. */
export function shownProblems(
  diagnostics: readonly Diagnostic[],
  toOffsets: (range: Diagnostic['range']) => Range | undefined,
): ShownProblem[] {
  return diagnostics.flatMap((one, index): ShownProblem[] => {
    const code = problemCodes.find((known) => known === one.code);
    const range = toOffsets(one.range);
    if (one.source !== 'strata' || code === undefined || range === undefined) return [];
    return [{ code, index, range, ...dataOf(one.data) }];
  });
}

function dataOf(data: unknown): ProblemData {
  const { setting, meant } = (data ?? {}) as { setting?: unknown; meant?: unknown };
  return {
    ...(typeof setting === 'string' ? { setting } : {}),
    ...(typeof meant === 'string' ? { meant } : {}),
  };
}

export interface ChangeOptions extends EditOptions {
  /** The file that was asked in. */
  file: string;
  title: string;
  /** Whether the editor can show what a change does elsewhere, and ask. */
  annotate: boolean;
}

/** What an action does; what it does outside of the file that was asked in is to be confirmed. */
export function toChange(change: Change, options: ChangeOptions): WorkspaceEdit {
  const { edits, creates = [], renames = [], deletes = [] } = change;
  if (!options.documentChanges) return toWorkspaceEdit(edits, options);
  const annotationId = 'elsewhere';
  const isNoted = options.annotate && isElsewhere(change, options.file);
  const noted = isNoted ? { annotationId } : {};
  const made = creates.flatMap(({ file, text }) => [
    { ...CreateFile.create(uriOfFile(file), { overwrite: false }), ...noted },
    insertion(file, text, noted),
  ]);
  const moved = renames.map(({ from, to }) => ({
    ...RenameFile.create(uriOfFile(from), uriOfFile(to), { overwrite: false }),
    ...noted,
  }));
  const gone = deletes.map((file) => ({ ...DeleteFile.create(uriOfFile(file)), ...noted }));
  const edited = toDocumentEdits(edits, options).map(({ file, edit }): TextDocumentEdit => {
    if (file === options.file) return edit;
    return { ...edit, edits: edit.edits.map((one) => ({ ...one, ...noted })) };
  });
  const annotation = { label: options.title, needsConfirmation: true, description: whereText(change) };
  return {
    documentChanges: [...made, ...edited, ...moved, ...gone],
    ...(isNoted ? { changeAnnotations: { [annotationId]: annotation } } : {}),
  };
}

function insertion(file: string, newText: string, noted: { annotationId?: string }): TextDocumentEdit {
  const start = { line: 0, character: 0 };
  const textDocument = { uri: uriOfFile(file), version: null };
  return { textDocument, edits: [{ range: { start, end: start }, newText, ...noted }] };
}

/** Whether a change touches another file, or makes, moves or takes one away. */
function isElsewhere({ edits, creates = [], renames = [], deletes = [] }: Change, file: string): boolean {
  return creates.length + renames.length + deletes.length > 0 || edits.some((edit) => edit.file !== file);
}

function whereText({ edits, creates = [], renames = [], deletes = [] }: Change): string {
  const files = [...edits, ...creates].map((one) => one.file);
  files.push(...renames.map((one) => one.to), ...deletes);
  return [...new Set(files.map(baseName))].join(', ');
}
