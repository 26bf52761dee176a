import type { Context } from '../../layers/context.ts';
import type { Problem, ProblemCode } from '../../problem.ts';
import type { FileEdit } from '../../text/edits.ts';
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';

/** The kinds of actions, as editors group them. */
export const actionKinds = [
  'quickfix',
  'refactor.extract',
  'refactor.move',
  'refactor.copy',
  'refactor.rewrite',
  'source.fixAll.strata',
] as const;

export type ActionKind = (typeof actionKinds)[number];

/** A problem that the editor shows, as far as a fix needs to know it. */
export interface ShownProblem extends Pick<Problem, 'range' | 'setting' | 'meant'> {
  code: ProblemCode;
  /** Which of the editor's problems it is. */
  index: number;
}

/** What an editor asks: what could be done at a place of a file. */
export interface ActionRequest {
  model: Model;
  file: string;
  range: Range;
  problems: readonly ShownProblem[];
  /** The context that the person has chosen. */
  chosen: Context | undefined;
  /** The kinds that are asked for; a kind stands for all below it. Everything but `source` when left out. */
  only?: readonly string[];
  /** Whether an action may make a file, rename one, and take one away. */
  files: { create: boolean; rename: boolean; delete: boolean };
}

/** What an action does to the files. */
export interface Change {
  edits: FileEdit[];
  creates?: { file: string; text: string }[];
  renames?: { from: string; to: string }[];
  deletes?: string[];
}

/** Something that can be done. */
export interface Action {
  title: string;
  kind: ActionKind;
  /** It is the one obvious fix. */
  preferred?: true;
  /** The problem that it mends. */
  fixes?: ShownProblem;
  /**
   * What it does to the files, found only when it is wanted; `undefined` where it turns out that more would change
   * than is meant to.
   */
  change(): Change | undefined;
}
