import { resolveSetting } from '../../merge/resolve.ts';
import type { EffectiveValue } from '../../merge/setting.ts';
import type { Model } from '../../workspace/model.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import type { Action, ActionRequest } from './action.ts';
import { guarded } from './guard.ts';
import { inFile, type SettingHere, settingOf, standsAlone } from './place.ts';

type Kind = EffectiveValue['kind'];

/** How a title calls a type that a value can be written in. */
export const typeNames: Readonly<Partial<Record<Kind, string>>> = {
  string: 'a string',
  integer: 'an integer',
  float: 'a float',
  boolean: 'a boolean',
  list: 'a list',
};

/** Writes a value in the type that the layers below have, where it can be had in that type. */
export function convertTypeActions({ model, file, problems }: ActionRequest): Action[] {
  return problems.flatMap((fixes): Action[] => {
    const at = fixes.code === 'type-mismatch' ? settingOf(model, file, fixes.range.start) : undefined;
    if (at === undefined || !isWrittenHere(at)) return [];
    const kinds = kindsBelow(model, file, at.path);
    return kinds.flatMap((kind): Action[] => {
      const text = converted(at, kind);
      if (text === undefined) return [];
      const edits = inFile(file, [{ range: at.value.range, text }]);
      const change = () => guarded(model, { edits }, { paths: [at.path], mayMismatch: kinds.length > 1 });
      const preferred = kinds.length === 1 ? { preferred: true as const } : {};
      return [{ title: `Make it ${typeNames[kind]}`, kind: 'quickfix', fixes, change, ...preferred }];
    });
  });
}

/** Whether the value is one word or quoted text on one line, without tag and anchor. */
export function isWrittenHere(at: SettingHere): boolean {
  const text = sourceOf(at);
  return standsAlone(at) && text !== '' && !/^[!|>]/.test(text) && !/[\r\n]/.test(text);
}

function sourceOf({ layer, value }: SettingHere): string {
  return layer.text.slice(value.range.start, value.range.end);
}

/** The types that the layers below have, in the contexts where the layer's value is refused. */
function kindsBelow(model: Model, file: string, path: readonly string[]): Kind[] {
  const kinds = new Set<Kind>();
  for (const of of model.readers(file)) {
    const stack = model.stack(of);
    const says = resolveSetting(stack, model.workspace.merge, path).setting?.says ?? [];
    const refused = says.findIndex(
      ({ action, layer }) => action === 'refused' && stack[layer]?.file === file,
    );
    const below = says.slice(0, Math.max(refused, 0)).findLast(({ action }) => action !== 'refused');
    if (below !== undefined && below.node.kind !== 'deleted') kinds.add(below.node.kind);
  }
  return [...kinds];
}

/** The value's text in another type; `undefined` where there is none that means the same. */
export function converted(at: SettingHere, kind: Kind): string | undefined {
  const { value } = at;
  switch (kind) {
    case 'string':
      return isScalar(value) ? JSON.stringify(sourceOf(at)) : undefined;
    case 'integer':
      return integerText(value, sourceOf(at));
    case 'float':
      return floatText(value);
    case 'boolean':
      return booleanText(value);
    case 'list':
      return listText(at);
    default:
      return undefined;
  }
}

function isScalar({ kind }: LayerNode): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'boolean';
}

function integerText(value: LayerNode, source: string): string | undefined {
  if (value.kind === 'string') return /^[-+]?(?:0|[1-9]\d*)$/.exec(value.value.trim())?.[0];
  return value.kind === 'float' ? /^([-+]?\d+)\.0*$/.exec(source)?.[1] : undefined;
}

function floatText(value: LayerNode): string | undefined {
  if (value.kind === 'integer') return `${value.value}.0`;
  const text = value.kind === 'string' ? value.value.trim() : '';
  if (/^[-+]?\d+$/.test(text)) return `${text}.0`;
  return /^[-+]?\d+\.\d+(?:[eE][-+]?\d+)?$/.exec(text)?.[0];
}

function booleanText(value: LayerNode): string | undefined {
  const text = value.kind === 'string' ? value.value.trim().toLowerCase() : '';
  if (['true', 'yes', 'on'].includes(text)) return 'true';
  return ['false', 'no', 'off'].includes(text) ? 'false' : undefined;
}

function listText(at: SettingHere): string | undefined {
  const { value } = at;
  const source = sourceOf(at);
  if (value.kind === 'mapping' || value.kind === 'list') return undefined;
  const isPlain = value.kind !== 'string' || /^["']/.test(source) || isPlainSafe(source, true);
  return `[${isPlain ? source : JSON.stringify(source)}]`;
}
