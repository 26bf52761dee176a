import { layerStem } from '../../layers/scheme.ts';
import { baseName, folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { type Entry, emptyMapping, type MappingNode } from '../../yaml/tree.ts';
import { entryAt } from '../rename/affected.ts';
import type { Action, ActionRequest, Change, ShownProblem } from './action.ts';
import { guarded } from './guard.ts';
import { writtenSetting } from './moveSetting.ts';
import { editableLayer, giving, together } from './place.ts';

/**
 * Gives a file that nothing loads the name that it means; where a file has that name already, puts its settings there,
 * as far as that says nothing of them.
 */
export function unreachableLayerActions(request: ActionRequest): Action[] {
  const { model, file, problems, files } = request;
  const fixes = problems.find(({ code }) => code === 'unreachable-layer');
  if (fixes?.meant === undefined) return [];
  const { scheme } = model.workspace;
  const folder = folderOf(file);
  const there = model.names(folder);
  const taken = scheme.endings.find((ending) => there.has(fixes.meant + ending));
  if (taken !== undefined) {
    return files.delete ? moveAll(model, file, joinPath(folder, fixes.meant + taken), fixes) : [];
  }
  if (!files.rename) return [];
  const name = fixes.meant + (layerStem(scheme, baseName(file))?.ending ?? '');
  const change = () => ({ edits: [], renames: [{ from: file, to: joinPath(folder, name) }] });
  return [{ title: `Rename to \`${name}\``, kind: 'quickfix', preferred: true, fixes, change }];
}

function moveAll(model: Model, file: string, target: string, fixes: ShownProblem): Action[] {
  const own = editableLayer(model, file)?.root;
  const other = editableLayer(model, target)?.root;
  const paths = own && other && newIn(other, own, []);
  if (paths === undefined || paths.length === 0) return [];
  const title = `Move its settings to \`${baseName(target)}\` and delete this file`;
  return [{ title, kind: 'quickfix', fixes, change: () => allMoved(model, file, target, paths) }];
}

/** The settings of one layer that another says nothing of, as high up as can be; `undefined` where it speaks of some. */
function newIn(other: MappingNode, own: MappingNode, above: string[]): string[][] | undefined {
  const paths: string[][] = [];
  for (const [key, entry] of own.entries) {
    const path = [...above, key];
    const there = other.entries.get(key);
    const found = there === undefined && !entry.dotted ? [path] : below(there, entry, path);
    if (found === undefined || entry.inherited) return undefined;
    paths.push(...found);
  }
  return paths;
}

function below(there: Entry | undefined, { value }: Entry, path: string[]): string[][] | undefined {
  const other = there?.value ?? emptyMapping(value.range);
  return other.kind === 'mapping' && value.kind === 'mapping' ? newIn(other, value, path) : undefined;
}

function allMoved(model: Model, file: string, target: string, paths: string[][]): Change | undefined {
  // What goes furthest in comes first where several come to stand behind the same line.
  const inOrder = paths.toSorted((one, two) => two.length - one.length);
  const change = together(
    inOrder.map((path) => giving(model, target, path, writtenSetting(model, file, path)?.setting)),
  );
  const root = model.layer(file)?.root;
  const gives = paths.flatMap((path) => {
    const node = root && entryAt(root, path)?.value;
    return node === undefined ? [] : [{ file: target, path, node }];
  });
  const sound = guarded(model, change, { paths, gives });
  return sound && { ...sound, deletes: [file] };
}
