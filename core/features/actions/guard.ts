import type { Context } from '../../layers/context.ts';
import { cutTo, type Wanted, want } from '../../merge/cut.ts';
import { mergeStack } from '../../merge/merge.ts';
import type { EffectiveValue, StackLayer } from '../../merge/setting.ts';
import { fileStart } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { MergePolicy } from '../../workspace/workspace.ts';
import { buildContextsOf, contextsOf } from '../../workspace/workspace.ts';
import { shapeText } from '../../yaml/edit/shape.ts';
import type { Layer } from '../../yaml/layer.ts';
import { emptyMapping, type LayerNode } from '../../yaml/tree.ts';
import { namedIn } from '../naming.ts';
import type { Change } from './action.ts';
import { type EditedLayers, editedLayers } from './editedModel.ts';

/** What a change may do, and nothing beside it. */
export interface Intent {
  /** The settings that may differ in the touched layers. */
  paths: readonly (readonly string[])[];
  /** Whether every effective configuration must stay as it is. */
  keepsConfigurations?: boolean;
  /** What settings must be afterwards in a layer. */
  gives?: readonly { file: string; path: readonly string[]; node: LayerNode }[];
  /** Whether values that are refused for their type may become more. */
  mayMismatch?: boolean;
}

/**
 * Tries a change and gives it back if it does what it is meant to: every touched layer can be read and says the same
 * but for some settings, and their effective values are as they should be in every context that reads it.
 */
export function guarded(model: Model, change: Change | undefined, intent: Intent): Change | undefined {
  if (change === undefined) return undefined;
  const after = editedLayers(model, change);
  const isSound = [...after.touched].every(([file, layer]) => keepsRest(model.layer(file), layer, intent));
  if (!isSound || !givesNodes(after, intent)) return undefined;
  return keepsMeaning(model, after, contextsTouched(model, after), intent) ? change : undefined;
}

function keepsRest(before: Layer | undefined, after: Layer, { paths }: Intent): boolean {
  if (after.problems.length > (before?.problems.length ?? 0)) return false;
  const root = before?.root ?? emptyMapping(fileStart);
  return shapeText(root, paths) === shapeText(after.root, paths);
}

function givesNodes(after: EditedLayers, { gives = [] }: Intent): boolean {
  return gives.every(({ file, path, node }) => {
    const root = after.layer(file)?.root;
    const given = root && namedIn(root, path)?.node;
    return given !== undefined && shapeText(given) === shapeText(node);
  });
}

/** Whether the effective values of some contexts are what is meant. */
export function keepsMeaning(
  model: Model,
  after: EditedLayers,
  contexts: Iterable<Context>,
  intent: Intent,
): boolean {
  const { merge } = model.workspace;
  const verdicts = new Map<string, boolean>();
  const makesFile = [...after.touched.keys()].some((file) => model.layer(file) === undefined);
  for (const of of contexts) {
    const [before, now] = [model.stack(of), after.stack(of)];
    // What is the same up to the last touched layer is the same above it, in every context that begins so.
    const below = makesFile ? ([before, now] as const) : ([upTo(before, after), upTo(now, after)] as const);
    const key = keyOf(below[1], of, intent);
    const isSame = verdicts.get(key) ?? isMeant(below, merge, { ...intent, keepsConfigurations: true });
    verdicts.set(key, isSame);
    if (!isSame && !isMeant([before, now], merge, intent)) return false;
  }
  return true;
}

type Stacks = readonly [before: readonly StackLayer[], now: readonly StackLayer[]];

function isMeant([before, now]: Stacks, merge: MergePolicy, intent: Intent): boolean {
  const [was, is] = [effectiveAt(before, merge, intent.paths), effectiveAt(now, merge, intent.paths)];
  if (intent.keepsConfigurations && was.text !== is.text) return false;
  return intent.mayMismatch === true || is.mismatches <= was.mismatches;
}

function upTo(stack: readonly StackLayer[], { touched }: EditedLayers): readonly StackLayer[] {
  return stack.slice(0, stack.findLastIndex(({ file }) => touched.has(file)) + 1);
}

/** The layers by their files; the lowest has none, and differs between contexts. */
function keyOf(stack: readonly StackLayer[], of: Context, { paths }: Intent): string {
  const isBuiltIn = paths.some(([key]) => stack[0]?.layer.root.entries.has(key ?? ''));
  const files = stack.map(({ file }) => file).join('\n');
  return isBuiltIn ? `${JSON.stringify(of)}\n${files}` : files;
}

/** Every context that reads a touched layer, one that is new included. */
function contextsTouched(model: Model, { touched }: EditedLayers): Iterable<Context> {
  const files = [...touched.keys()];
  const known = files.flatMap((file) => [...model.readers(file)]);
  const isNew = files.some((file) => model.layer(file) === undefined);
  return new Set(isNew ? allContexts(model) : known);
}

function allContexts({ workspace }: Model): Context[] {
  return workspace.apps.flatMap(({ name }) => [
    ...contextsOf(workspace, name),
    ...buildContextsOf(workspace, name),
  ]);
}

/** The effective values of some settings in one stack as text that tells all values apart, and how many are refused. */
function effectiveAt(
  stack: readonly StackLayer[],
  policy: MergePolicy,
  paths: readonly (readonly string[])[],
): { text: string; mismatches: number } {
  const wanted: Wanted = new Map();
  for (const path of paths) want(wanted, path);
  const parts = stack.map((one) => cutTo(one.layer.root, wanted));
  const { root, problems } = mergeStack(stack, policy, parts);
  return { text: valueShape(root), mismatches: problems.length };
}

/** An effective value as text; the order of keys does not count. */
export function valueShape(value: EffectiveValue | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'list') return `[${value.items.map(({ node }) => shapeText(node)).join(',')}]`;
  if (value.kind !== 'mapping') return shapeText(value.node);
  const entries = [...value.entries].filter(([, { value: one }]) => one !== undefined);
  return `{${entries
    .map(([key, one]) => JSON.stringify(key) + valueShape(one.value))
    .sort()
    .join(',')}}`;
}
