import type { ProblemCode } from '../../problem.ts';
import type { Range } from '../../text/range.ts';
import type { Action, ActionRequest } from './action.ts';

const fixable: ReadonlySet<ProblemCode> = new Set(['manifest', 'steps', 'yaml-syntax']);

/** Puts the word that was meant in place of an unknown one: a key of the manifest, a step, a tag. */
export function misspeltActions({ model, file, problems }: ActionRequest): Action[] {
  return problems.flatMap((fixes): Action[] => {
    const { code, meant, range } = fixes;
    if (meant === undefined || !fixable.has(code)) return [];
    const content = model.read(file);
    if (content === undefined || 'error' in content) return [];
    const word = wordAt(content.text, range);
    const change = () => ({ edits: [{ file, range: word, text: meant }] });
    return [{ title: `Change to \`${meant}\``, kind: 'quickfix', preferred: true, fixes, change }];
  });
}

/** A tag alone of what follows it; a key without its quotes. */
function wordAt(text: string, { start, end }: Range): Range {
  const tag = /^![^\s,[\]{}]*/.exec(text.slice(start, end))?.[0];
  if (tag !== undefined) return { start, end: start + tag.length };
  const isQuoted = /^(["']).*\1$/.test(text.slice(start, end));
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}
