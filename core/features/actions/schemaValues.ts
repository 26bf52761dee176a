import { nodeJson, readableStyle } from '../../render/json.ts';
import type { CompiledSchema } from '../../schema/compile.ts';
import { partsAt } from '../../schema/parts.ts';
import { nearestName } from '../../text/names.ts';
import type { Model } from '../../workspace/model.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { writtenText } from '../completion/schemaLayers.ts';
import { code, shortened } from '../markdown.ts';
import { describedIn } from '../settingSchema.ts';
import { converted, typeNames } from './convertType.ts';
import type { SettingHere } from './place.ts';

/** What could stand in place of a value, as it is written. */
interface AllowedText {
  text: string;
  title: string;
  preferred: boolean;
}

/** Of more allowed values, only one that is nearly the same is offered. */
const mostValues = 5;

/**
 * What a schema allows in place of a value: the values that it lists, the value in a type that it wants, or its limit.
 * @param path the way to the value, with numbers for elements of lists.
 */
export function allowedTexts(
  model: Model,
  schema: CompiledSchema,
  path: readonly string[],
  at: SettingHere,
): AllowedText[] {
  const { values = [], types = [] } = describedIn(schema, path) ?? {};
  if (values.length > 0) return listedTexts(model, values, at);
  const isWanted = types.length === 0 || typesOf(at.value).some((type) => types.includes(type));
  return isWanted ? limitTexts(schema, path, at) : convertedTexts(types, at);
}

function listedTexts(
  model: Model,
  values: readonly LayerNode[],
  { value, layer }: SettingHere,
): AllowedText[] {
  const isThere = values.some((one) => nodeText(one) === nodeText(value));
  const scalars = values.filter(({ kind }) => kind !== 'list' && kind !== 'mapping');
  if (isThere || scalars.length === 0) return [];
  const near = nearOf(value, scalars);
  const offered = scalars.length <= mostValues ? scalars : scalars.filter((one) => one === near);
  const sorted = offered.toSorted((one, other) => Number(other === near) - Number(one === near));
  return sorted.map((one) => ({
    text: layer.file.endsWith('.json') ? nodeText(one) : writtenText(model, one),
    title: changeTitle(one),
    preferred: one === near || scalars.length === 1,
  }));
}

/** The allowed text that a mistyped one means. */
function nearOf(value: LayerNode, scalars: readonly LayerNode[]): LayerNode | undefined {
  const texts = scalars.flatMap((one) => (one.kind === 'string' ? [one.value] : []));
  const name = value.kind === 'string' ? nearestName(value.value, texts) : undefined;
  return name === undefined ? undefined : scalars.find((one) => one.kind === 'string' && one.value === name);
}

function nodeText(node: LayerNode): string {
  return nodeJson(node, readableStyle);
}

function changeTitle(node: LayerNode): string {
  return `Change to ${code(shortened(node.kind === 'string' ? node.value : nodeText(node)))}`;
}

/** What JSON Schema calls the type of a value; an integer is a number too. */
function typesOf(node: LayerNode): string[] {
  switch (node.kind) {
    case 'integer':
      return ['integer', 'number'];
    case 'float':
      return Number.isInteger(node.value) ? ['integer', 'number'] : ['number'];
    case 'list':
      return ['array'];
    case 'mapping':
      return ['object'];
    default:
      return [node.kind];
  }
}

/** Our types for those of JSON Schema, the one to be tried first in front. */
const kindsOf: Readonly<Record<string, readonly Exclude<LayerNode['kind'], 'deleted'>[]>> = {
  string: ['string'],
  integer: ['integer'],
  number: ['integer', 'float'],
  boolean: ['boolean'],
  array: ['list'],
};

function convertedTexts(types: readonly string[], at: SettingHere): AllowedText[] {
  const found = types.flatMap((type): AllowedText[] => {
    for (const kind of kindsOf[type] ?? []) {
      const text = converted(at, kind);
      if (text !== undefined) return [{ text, title: `Make it ${typeNames[kind]}`, preferred: false }];
    }
    return [];
  });
  return found.map((one) => ({ ...one, preferred: found.length === 1 }));
}

/** The limit that a number is beyond. */
function limitTexts(
  { root }: CompiledSchema,
  path: readonly string[],
  { value }: SettingHere,
): AllowedText[] {
  if (root === undefined || (value.kind !== 'integer' && value.kind !== 'float')) return [];
  return partsAt(root, path).flatMap(({ node }) => {
    const [least, most] = ['minimum', 'maximum'].map((keyword) =>
      node.kind === 'mapping' ? node.entries.get(keyword)?.value : undefined,
    );
    const limits = [
      ...(least?.kind === value.kind && value.value < least.value ? [least] : []),
      ...(most?.kind === value.kind && value.value > most.value ? [most] : []),
    ];
    return limits.map((one) => ({ text: nodeText(one), title: changeTitle(one), preferred: false }));
  });
}
