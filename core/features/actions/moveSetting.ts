import { stackFiles } from '../../layers/stack.ts';
import { fileStart } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import { type SettingText, settingText } from '../../yaml/edit/settingText.ts';
import { pairsOf, type WrittenPair, type WrittenText } from '../../yaml/edit/written.ts';
import { emptyMapping, type LayerNode, type MappingNode } from '../../yaml/tree.ts';
import { activeFirst, focusOn } from '../focus.ts';
import { entriesOn } from '../rename/affected.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { guarded } from './guard.ts';
import {
  editableLayer,
  fileTitle,
  giving,
  inFile,
  type SettingHere,
  settingHere,
  settingTitle,
  standsAlone,
  together,
  writtenLayer,
} from './place.ts';

/** Moves or copies a setting to another layer of the active context that says nothing of it yet. */
export function moveSettingActions(request: ActionRequest): Action[] {
  const { model, file } = request;
  const at = settingHere(request);
  if (at === undefined || !standsAlone(at)) return [];
  const files = filesBeside(request);
  const targets = files.filter((one) => one !== file && canTake(editableLayer(model, one)?.root, at.path));
  return targets.flatMap((target): Action[] => {
    const title = `${settingTitle(at.path)} to ${fileTitle(model, target, files)}`;
    return [
      { title: `Move ${title}`, kind: 'refactor.move', change: () => moved(model, file, target, at) },
      { title: `Copy ${title}`, kind: 'refactor.copy', change: () => copied(model, file, target, at) },
    ];
  });
}

/** The layers of the active context, or of the first that reads the file. */
function filesBeside({ model, file, chosen }: ActionRequest): string[] {
  const focus = focusOn(model, file, chosen);
  const stacks = (focus ? activeFirst(focus) : []).map((of) =>
    stackFiles(model.workspace, of, model.layersIn).map((one) => one.file),
  );
  return stacks.find((files) => files.includes(file)) ?? [];
}

/** Whether a layer says nothing of a setting, and nothing stands in the way to it. */
export function canTake(root: MappingNode | undefined, path: readonly string[]): boolean {
  let node: LayerNode | undefined = root;
  for (const key of path) {
    if (node?.kind === 'null' && node.range.start === node.range.end) return true;
    if (node?.kind !== 'mapping') return false;
    const entry: ReturnType<MappingNode['entries']['get']> = node.entries.get(key);
    if (entry === undefined) return true;
    if (entry.inherited) return false;
    node = entry.value;
  }
  return false;
}

/** The change that copies a setting as it is written to another layer. */
export function copied(
  model: Model,
  file: string,
  target: string,
  { path, value }: Pick<SettingHere, 'path' | 'value'>,
): Change | undefined {
  const found = writtenSetting(model, file, path);
  const change = found && giving(model, target, path, found.setting);
  return guarded(model, change, { paths: [path], gives: [{ file: target, path, node: value }] });
}

function moved(model: Model, file: string, target: string, { path, value }: SettingHere): Change | undefined {
  const found = writtenSetting(model, file, path);
  if (found === undefined) return undefined;
  const edits = removePairs(found.written, [found.pair], { comments: 'all' });
  const removal = edits && { edits: inFile(file, edits) };
  const change = together([giving(model, target, path, found.setting), removal]);
  return guarded(model, change, { paths: [path], gives: [{ file: target, path, node: value }] });
}

/** A setting as it is written in a layer, if it stands there once and whole. */
export function writtenSetting(
  model: Model,
  file: string,
  path: readonly string[],
  read: typeof settingText = settingText,
): { written: WrittenText; pair: WrittenPair; setting: SettingText } | undefined {
  const written = writtenLayer(model, file);
  const [pair, ...others] = written === undefined ? [] : pairsOf(written, path);
  if (written === undefined || pair === undefined || others.length > 0) return undefined;
  const entry = entriesOn(model.layer(file)?.root ?? emptyMapping(fileStart), path).at(-1);
  // The same key may be given before it in another way, and then it is not this pair that counts.
  if (entry === undefined || entry.dotted || entry.keyRange.end !== pair.key.end) return undefined;
  const setting = read(written, pair);
  return setting && { written, pair, setting };
}
