import { applyEdits } from '../../text/edits.ts';
import type { Model } from '../../workspace/model.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import { shapeText } from '../../yaml/edit/shape.ts';
import { pairAt, readWritten, type WrittenText } from '../../yaml/edit/written.ts';
import { parseText } from '../../yaml/parse.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { guarded } from './guard.ts';
import { editableLayer, inFile, writtenLayer } from './place.ts';

/** Takes out a key that is given twice, where it is given again: the first one counts. */
export function duplicateKeyActions({ model, file, problems }: ActionRequest): Action[] {
  const here = problems.filter(({ code }) => code === 'duplicate-key');
  const isManifest = file === model.workspace.manifest;
  if (here.length === 0 || !(isManifest || editableLayer(model, file))) return [];
  return here.map((fixes) => ({
    title: 'Remove this second one',
    kind: 'quickfix',
    preferred: true,
    fixes,
    change: () => (isManifest ? withoutManifestKey : withoutKey)(model, file, fixes.range.start),
  }));
}

function withoutKey(model: Model, file: string, offset: number): Change | undefined {
  const change = removal(file, writtenLayer(model, file), offset);
  // What does not count can go without any setting being another.
  return guarded(model, change, { paths: [], keepsConfigurations: true });
}

function removal(file: string, written: WrittenText | undefined, offset: number): Change | undefined {
  const pair = written && pairAt(written, offset);
  const edits = written && pair && removePairs(written, [pair], { comments: 'own' });
  return edits && { edits: inFile(file, edits) };
}

/** The manifest says the same without it, with one problem less. */
function withoutManifestKey(model: Model, file: string, offset: number): Change | undefined {
  const content = model.read(file);
  if (content === undefined || 'error' in content) return undefined;
  const change = removal(file, readWritten(file, content.text, '1.2'), offset);
  if (change === undefined) return undefined;
  const [before, after] = [content.text, applyEdits(content.text, change.edits)].map((text) =>
    parseText(file, text, '1.2', { dottedKeys: false }),
  );
  if (before === undefined || after === undefined || shapeText(before.root) !== shapeText(after.root))
    return undefined;
  return after.problems.length < before.problems.length ? change : undefined;
}
