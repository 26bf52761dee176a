import { problem } from '../problem.ts';
import type { FileText } from '../source.ts';
import { lineIndex } from '../text/lines.ts';
import { fileStart } from '../text/range.ts';
import type { YamlVersion } from '../workspace/workspace.ts';
import type { Layer } from './layer.ts';
import { parseText } from './parse.ts';
import { recover } from './recover.ts';
import { emptyMapping } from './tree.ts';

/**
 * Reads a file as a layer. Never fails: what is wrong stands in the layer's problems.
 * @param before the layer as it was before this text: a text that no longer parses keeps its last good tree.
 */
export function readLayer(file: string, content: FileText, version: YamlVersion, before?: Layer): Layer {
  if ('error' in content) {
    const problems = [problem('unreadable-layer', { file, range: fileStart }, content.error)];
    const root = emptyMapping(fileStart);
    return { file, text: '', lines: lineIndex(''), root, problems, stale: false, partial: true };
  }
  const { text, fault } = content;
  const parsed = parseText(file, text, version);
  const lines = lineIndex(text);
  const base = parsed.broken ? before : undefined;
  const { root, stale } = base ? recover(text, parsed, base) : { root: parsed.root, stale: false };
  const faults = fault
    ? [
        problem(
          'unreadable-layer',
          { file, range: { start: fault.offset, end: fault.offset + 1 } },
          fault.message,
        ),
      ]
    : [];
  const problems = [...faults, ...parsed.problems];
  const isWhole = problems.length === 0 || (base !== undefined && base.partial === undefined);
  return { file, text, lines, root, problems, stale, ...(isWhole ? {} : { partial: true }) };
}
