import type { Context } from '../layers/context.ts';
import type { Problem, RelatedPlace } from '../problem.ts';

/** A problem with the contexts it holds in; none for one that concerns no context, such as an unused file. */
export interface Finding extends Problem {
  contexts: readonly Context[];
}

/** One whose contexts are still being gathered. */
export interface GatheredFinding extends Finding {
  contexts: Context[];
}

/** The same problem in another context: the contexts and the related places are joined. */
export function joinFinding(known: GatheredFinding, one: Problem, contexts: readonly Context[]): void {
  for (const of of contexts) if (known.contexts.at(-1) !== of) known.contexts.push(of);
  joinRelated(known, one);
}

/** Joins the related places of the same problem. */
export function joinRelated(known: Problem, one: Problem): void {
  for (const place of one.related) {
    const isKnown = known.related.some(
      ({ file, range }) => file === place.file && range.start === place.range.start,
    );
    if (!isKnown) known.related = [...known.related, place];
  }
}

/** Whether two findings tell the same of the same places. */
export function isSameFinding(one: Finding, other: Finding): boolean {
  return (
    one.code === other.code &&
    one.setting === other.setting &&
    one.message === other.message &&
    one.meant === other.meant &&
    isSamePlace(one, other) &&
    one.contexts.length === other.contexts.length &&
    one.contexts.every((of, index) => of === other.contexts[index]) &&
    one.related.length === other.related.length &&
    one.related.every((place, index) => isSameRelated(place, other.related[index]))
  );
}

function isSameRelated(one: RelatedPlace, other: RelatedPlace | undefined): boolean {
  return other !== undefined && one.message === other.message && isSamePlace(one, other);
}

function isSamePlace(one: Pick<Problem, 'file' | 'range'>, other: Pick<Problem, 'file' | 'range'>): boolean {
  return (
    one.file === other.file && one.range.start === other.range.start && one.range.end === other.range.end
  );
}

/** What makes two problems the same one. */
export function findingKey({ file, range, code, setting, message }: Problem): string {
  return `${file}\n${range.start}\n${code}\n${setting}\n${message}`;
}
