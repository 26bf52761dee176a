import { isLayerFile } from '../../layers/layerFiles.ts';
import type { Edit, FileEdit } from '../../text/edits.ts';
import { lineStartAt } from '../../text/lineEnds.ts';
import { baseName, relativePath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { insertSetting } from '../../yaml/edit/insertSetting.ts';
import type { SettingText } from '../../yaml/edit/settingText.ts';
import { readWritten, type WrittenText } from '../../yaml/edit/written.ts';
import { keyParts } from '../../yaml/entries.ts';
import type { Layer } from '../../yaml/layer.ts';
import { entriesOn } from '../rename/affected.ts';
import { isAlias, type SettingAt, settingAt } from '../settingAt.ts';
import type { ActionRequest, Change, ShownProblem } from './action.ts';

/** The setting that is asked about, in a layer that can be edited. */
export interface SettingHere extends SettingAt {
  layer: Layer;
}

/** The setting at the place that is asked about; `undefined` in what is no layer, or cannot be read. */
export function settingHere({ model, file, range }: ActionRequest): SettingHere | undefined {
  return settingOf(model, file, range.start);
}

/** The setting at an offset of a layer that can be edited. */
export function settingOf(model: Model, file: string, offset: number): SettingHere | undefined {
  const layer = editableLayer(model, file);
  const at = layer && settingAt(layer, offset);
  return at && { ...at, layer };
}

/** The setting that a problem is about. */
export function pathOfProblem(
  model: Model,
  file: string,
  { range, setting }: ShownProblem,
): string[] | undefined {
  const path = settingOf(model, file, range.start)?.path;
  if (setting === undefined || path?.join('.') === setting) return path;
  return keyParts(setting);
}

/** A layer whose text is what its tree says. */
export function editableLayer(model: Model, file: string): Layer | undefined {
  const layer = isLayerFile(model, file) ? model.layer(file) : undefined;
  const isBroken = layer?.stale || layer?.problems.some(({ code }) => code !== 'duplicate-key');
  return isBroken ? undefined : layer;
}

/**
 * Whether what stands here is written once and whole, is no alias and holds none, and has no anchor that one may repeat.
 */
export function standsAlone({ layer, path, keyRange, value }: SettingHere): boolean {
  const entry = entriesOn(layer.root, path).at(-1);
  if (entry?.dotted || entry?.also || isAlias(layer, value)) return false;
  // A key behind `? `, a tag or an anchor of its own cannot be taken from its place.
  const before = layer.text.slice(lineStartAt(layer.text, keyRange.start), keyRange.start);
  if (!/(?:^ *|[{,] *|\.)$/.test(before)) return false;
  return !/[\s:,[{][&*][\w-]/.test(layer.text.slice(keyRange.end, value.range.end));
}

/** The text of a layer as an edit needs it. */
export function writtenLayer(model: Model, file: string): WrittenText | undefined {
  const layer = editableLayer(model, file);
  return layer && readWritten(file, layer.text, model.workspace.yaml);
}

/** Edits of one text as edits of its file. */
export function inFile(file: string, edits: readonly Edit[]): FileEdit[] {
  return edits.map((edit) => ({ file, ...edit }));
}

/** The change that gives a setting in a file, which is made where it is not there. */
export function giving(
  model: Model,
  file: string,
  path: readonly string[],
  setting: SettingText | undefined,
): Change | undefined {
  if (setting === undefined) return undefined;
  if (model.layer(file) === undefined) {
    const empty = readWritten(file, '', model.workspace.yaml);
    const text = empty && insertSetting(empty, path, setting)?.[0]?.text;
    return text === undefined ? undefined : { edits: [], creates: [{ file, text }] };
  }
  const written = writtenLayer(model, file);
  const edits = written && insertSetting(written, path, setting);
  return edits && { edits: inFile(file, edits) };
}

/** Several changes as one; `undefined` where one of them cannot be made. */
export function together(changes: readonly (Change | undefined)[]): Change | undefined {
  const known = changes.flatMap((one) => one ?? []);
  if (known.length < changes.length) return undefined;
  const creates = known.flatMap((one) => one.creates ?? []);
  return { edits: known.flatMap((one) => one.edits), ...(creates.length === 0 ? {} : { creates }) };
}

/** A file as a title names it: by its name alone where that tells it from the others. */
export function fileTitle({ workspace }: Model, file: string, others: readonly string[]): string {
  const alike = others.some((other) => other !== file && baseName(other) === baseName(file));
  return `\`${alike ? relativePath(workspace.root, file) : baseName(file)}\``;
}

/** A setting as a title names it. */
export function settingTitle(path: readonly string[]): string {
  return `\`${path.join('.')}\``;
}
