import type { Range } from '../../text/range.ts';

/** Why a rename cannot be done, with the place that stands in its way where there is one. */
export interface Refusal {
  message: string;
  at?: { file: string; range: Range };
}

/** The edits of a rename, or why there are none. */
export type OrRefusal<Result> = Result | { refusal: Refusal };

/** Refuses, because of a place. */
export function refuse(message: string, file?: string, range?: Range): { refusal: Refusal } {
  return {
    refusal: { message, ...(file === undefined || range === undefined ? {} : { at: { file, range } }) },
  };
}
