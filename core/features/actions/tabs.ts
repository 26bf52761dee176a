import { applyEdits, type Edit } from '../../text/edits.ts';
import { lineStartAt } from '../../text/lineEnds.ts';
import type { Model } from '../../workspace/model.ts';
import { parseTree } from '../../yaml/parse.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { inFile } from './place.ts';

/** Puts spaces in place of tabs where lines are indented by them, which YAML forbids. */
export function tabActions({ model, file, problems }: ActionRequest): Action[] {
  const content = problems.length > 0 ? model.read(file) : undefined;
  if (content === undefined || 'error' in content) return [];
  const { text } = content;
  const fixes = problems.find(({ code, range }) => {
    const line = text.slice(lineStartAt(text, range.start));
    return code === 'yaml-syntax' && /^[ \t]*\t/.test(line);
  });
  if (fixes === undefined) return [];
  const title = 'Indent with spaces instead of tabs';
  return [{ title, kind: 'quickfix', preferred: true, fixes, change: () => withSpaces(model, file, text) }];
}

function withSpaces(model: Model, file: string, text: string): Change | undefined {
  const step = /^( {2,})\S/m.exec(text)?.[1]?.length ?? 2;
  const edits: Edit[] = [];
  for (const { 0: indent, index: start } of text.matchAll(/^ *\t[ \t]*(?=\S)/gm)) {
    edits.push({
      range: { start, end: start + indent.length },
      text: indent.replaceAll('\t', ' '.repeat(step)),
    });
  }
  const { yaml } = model.workspace;
  const before = parseTree(file, text, yaml).problems.length;
  return parseTree(file, applyEdits(text, edits), yaml).problems.length < before
    ? { edits: inFile(file, edits) }
    : undefined;
}
