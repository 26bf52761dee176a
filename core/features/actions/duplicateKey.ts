import type { Model } from '../../workspace/model.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import { pairAt } from '../../yaml/edit/written.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { guarded } from './guard.ts';
import { editableLayer, inFile, writtenLayer } from './place.ts';

/** Takes out a key that is given twice, where it is given again: the first one counts. */
export function duplicateKeyActions({ model, file, problems }: ActionRequest): Action[] {
  const here = problems.filter(({ code }) => code === 'duplicate-key');
  if (here.length === 0 || editableLayer(model, file) === undefined) return [];
  return here.map((fixes) => ({
    title: 'Remove this second one',
    kind: 'quickfix',
    preferred: true,
    fixes,
    change: () => withoutKey(model, file, fixes.range.start),
  }));
}

function withoutKey(model: Model, file: string, offset: number): Change | undefined {
  const written = writtenLayer(model, file);
  const pair = written && pairAt(written, offset);
  const edits = written && pair && removePairs(written, [pair], { comments: 'own' });
  const change = edits && { edits: inFile(file, edits) };
  // What does not count can go without any setting being another.
  return guarded(model, change, { paths: [], keepsConfigurations: true });
}
