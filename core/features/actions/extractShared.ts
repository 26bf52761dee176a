import { lineEndAt } from '../../text/lineEnds.ts';
import type { Model } from '../../workspace/model.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import { shapeText } from '../../yaml/edit/shape.ts';
import { withoutSetting, withSetting } from '../../yaml/edit/trees.ts';
import type { Layer } from '../../yaml/layer.ts';
import { readLayer } from '../../yaml/readLayer.ts';
import { yamlTokens } from '../../yaml/tokens.ts';
import type { Entry } from '../../yaml/tree.ts';
import { focusOn } from '../focus.ts';
import { entryAt } from '../rename/affected.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { layersWith } from './editedModel.ts';
import { environmentLayers } from './environmentLayers.ts';
import { guarded, keepsMeaning } from './guard.ts';
import { canTake, writtenSetting } from './moveSetting.ts';
import {
  editableLayer,
  fileTitle,
  giving,
  inFile,
  settingHere,
  settingTitle,
  standsAlone,
  together,
} from './place.ts';

/** A setting that several environments' layers give alike. */
interface Shared {
  path: string[];
  entry: Entry;
  /** The layers that give it, the one that was asked in first. */
  from: string[];
  to: string;
}

/** Puts what the layers of all environments give alike into the layer below that they share, where it changes nothing. */
export function extractSharedActions(request: ActionRequest): Action[] {
  const { model, file } = request;
  const shared = sharedHere(request);
  if (shared === undefined || !changesNothing(request, shared)) return [];
  const isNew = model.layer(shared.to) === undefined;
  const where = `${isNew ? 'a new file ' : ''}${fileTitle(model, shared.to, [file])}`;
  const title = `Give ${settingTitle(shared.path)} once, in ${where}`;
  return [{ title, kind: 'refactor.extract', change: () => extracted(model, shared) }];
}

function sharedHere(request: ActionRequest): Shared | undefined {
  const { model, file, files } = request;
  const at = settingHere(request);
  const kin = at && standsAlone(at) ? environmentLayers(model, file) : undefined;
  const to = kin?.shared;
  if (at === undefined || kin === undefined || to === undefined) return undefined;
  const target = model.layer(to);
  if (target === undefined ? !files.create : !canTake(editableLayer(model, to)?.root, at.path))
    return undefined;
  const entry = entryAt(at.layer.root, at.path);
  const own = shapeText(at.value);
  const alike = [...kin.files.values()].filter((one) => {
    const other = one === file ? undefined : editableLayer(model, one);
    const node = other && entryAt(other.root, at.path);
    return node !== undefined && !node.inherited && shapeText(node.value) === own;
  });
  return entry === undefined || alike.length === 0
    ? undefined
    : { path: at.path, entry, from: [file, ...alike], to };
}

/** A look at the app in question alone, over trees that are put together for it: texts are tried when it is wanted. */
function changesNothing({ model, file, chosen }: ActionRequest, { path, entry, from, to }: Shared): boolean {
  const focus = focusOn(model, file, chosen);
  if (focus === undefined) return false;
  const target = model.layer(to) ?? readLayer(to, { text: '' }, model.workspace.yaml);
  const touched = new Map<string, Layer>([[to, { ...target, root: withSetting(target.root, path, entry) }]]);
  for (const one of from) {
    const layer = model.layer(one);
    if (layer) touched.set(one, { ...layer, root: withoutSetting(layer.root, path) });
  }
  const intent = { paths: [path], keepsConfigurations: true };
  return keepsMeaning(model, layersWith(model, touched), focus.contexts, intent);
}

function extracted(model: Model, { path, entry, from, to }: Shared): Change | undefined {
  const [own, ...others] = from.map((file) => ({ file, found: writtenSetting(model, file, path) }));
  const known = new Set(own?.found && commentsIn(own.found));
  const isLost = others.some(({ found }) => found && commentsIn(found).some((one) => !known.has(one)));
  if (isLost) return undefined;
  const above = own?.found?.setting.above.join('\n');
  const removals = [...(own ? [own] : []), ...others].map(({ file, found }) => {
    // A comment that says something else than the one that goes along stays.
    const comments = found?.setting.above.join('\n') === above ? 'all' : 'stay';
    const edits = found && removePairs(found.written, [found.pair], { comments });
    return edits && { edits: inFile(file, edits) };
  });
  const change = together([giving(model, to, path, own?.found?.setting), ...removals]);
  const gives = [{ file: to, path, node: entry.value }];
  return guarded(model, change, { paths: [path], keepsConfigurations: true, gives });
}

/** The comments from a setting's key on, which go wherever it goes. */
function commentsIn({ written, pair }: NonNullable<ReturnType<typeof writtenSetting>>): string[] {
  const text = written.text.slice(pair.key.start, lineEndAt(written.text, pair.end));
  const comments = yamlTokens(text).filter(({ kind }) => kind === 'comment');
  return comments.map(({ start, end }) => text.slice(start, end));
}
