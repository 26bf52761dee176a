import type { Action, ActionRequest, Change, ShownProblem } from '../../core/features/actions/action.ts';
import { codeActions } from '../../core/features/actions/codeActions.ts';
import { type Finding, lint } from '../../core/features/lint.ts';
import { applyEdits } from '../../core/text/edits.ts';
import type { Model } from '../../core/workspace/model.ts';

/** The findings that touch a place, as an editor would send them with a question. */
export function problemsAt(model: Model, file: string, offset: number): ShownProblem[] {
  const there = lint(model).filter(
    ({ file: one, range }) => one === file && offset >= range.start && offset <= range.end,
  );
  return there.map(shown);
}

/** A finding as the editor has it. */
export function shown(finding: Finding, index = 0): ShownProblem {
  const { code, range, setting, meant } = finding;
  return {
    code,
    range,
    index,
    ...(setting === undefined ? {} : { setting }),
    ...(meant === undefined ? {} : { meant }),
  };
}

/** All that can be done at a place, by an editor that can do everything. */
export function actionsAt(
  model: Model,
  file: string,
  offset: number,
  more: Partial<ActionRequest> = {},
): Action[] {
  const range = { start: offset, end: offset };
  const files = { create: true, rename: true, delete: true };
  const problems = problemsAt(model, file, offset);
  return codeActions({ model, file, range, problems, chosen: undefined, files, ...more });
}

/** The files after a change. */
export function changed(texts: ReadonlyMap<string, string>, change: Change): Map<string, string> {
  const after = new Map(texts);
  for (const file of new Set(change.edits.map((edit) => edit.file))) {
    const own = change.edits.filter((edit) => edit.file === file);
    after.set(file, applyEdits(texts.get(file)!, own));
  }
  for (const { file, text } of change.creates ?? []) after.set(file, text);
  for (const { from, to } of change.renames ?? []) {
    after.set(to, after.get(from)!);
    after.delete(from);
  }
  for (const file of change.deletes ?? []) after.delete(file);
  return after;
}
