import { resolveSetting } from '../../merge/resolve.ts';
import type { Edit } from '../../text/edits.ts';
import type { Model } from '../../workspace/model.ts';
import { skipBlanks } from '../completion/tokens.ts';
import type { Action, ActionRequest } from './action.ts';
import { guarded } from './guard.ts';
import { inFile, type SettingHere, settingHere, standsAlone } from './place.ts';

/** Lets a list take the place of the list below, or be appended to it. */
export function listModeActions(request: ActionRequest): Action[] {
  const { model, file } = request;
  const at = settingHere(request);
  if (at?.value.kind !== 'list' || model.workspace.merge.lists !== 'append' || !standsAlone(at)) return [];
  if (file.endsWith('.json') || !hasListBelow(model, file, at.path)) return [];
  const { replace } = at.value;
  const edit = replace ? withoutTag(at) : withTag(at);
  if (edit === undefined) return [];
  const change = () => guarded(model, { edits: inFile(file, [edit]) }, { paths: [at.path] });
  const title = replace
    ? 'Append to the list below (remove `!replace`)'
    : 'Replace the list below (`!replace`)';
  return [{ title, kind: 'refactor.rewrite', change }];
}

function hasListBelow(model: Model, file: string, path: readonly string[]): boolean {
  return model.readers(file).some((of) => {
    const stack = model.stack(of);
    const says = resolveSetting(stack, model.workspace.merge, path).setting?.says ?? [];
    const own = says.findIndex(({ layer }) => stack[layer]?.file === file);
    return own > 0 && says[own - 1]?.node.kind === 'list';
  });
}

function withTag({ layer: { text }, keyRange, value }: SettingHere): Edit | undefined {
  const { start } = value.range;
  if (text[start] === '[') return { range: { start, end: start }, text: '!replace ' };
  const colon = text.indexOf(':', keyRange.end);
  if (colon === -1 || colon > start) return undefined;
  return { range: { start: colon + 1, end: colon + 1 }, text: ' !replace' };
}

function withoutTag({ layer: { text }, value }: SettingHere): Edit | undefined {
  const { start, end } = value.range;
  const tag = '!replace';
  if (!text.startsWith(tag, start)) return undefined;
  const behind = skipBlanks(text, start + tag.length, end);
  if (!/[\r\n#]/.test(text[behind] ?? '\n')) return { range: { start, end: behind }, text: '' };
  const lead = /\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { range: { start: start - lead, end: start + tag.length }, text: '' };
}
