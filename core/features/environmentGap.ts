import type { Context } from '../layers/context.ts';
import { localEnvironment, type Scheme } from '../layers/scheme.ts';
import type { StackFile } from '../layers/stack.ts';
import type { EffectiveMapping, Setting, StackLayer } from '../merge/setting.ts';
import { type Problem, problem, type RelatedPlace } from '../problem.ts';
import { folderOf } from '../text/paths.ts';
import { fileStart, type Range } from '../text/range.ts';
import type { MappingNode } from '../yaml/tree.ts';

/** A context of an app with its layers and what they give. */
export interface MergedContext {
  of: Context;
  /** The layers that were merged. */
  stack: readonly StackLayer[];
  root: EffectiveMapping;
  /** All files of the context, lowest first, be they merged here or not. */
  files: readonly StackFile[];
}

/** Gives what a layer says. */
export type TreeOf = (file: string) => MappingNode;

/** An environment of the app: one merged context, or one a cluster. */
interface Place {
  environment: string;
  contexts: MergedContext[];
}

/**
 * Settings that every environment of an app has but one, where no layer says anything of them (`!deleted` there
 * says that it goes without). Told of three environments and more; `local` is none of them. It is told in the
 * layer of that environment that stands beside a layer which gives the setting; an environment without such a
 * layer is not compared, since it may well do without all of it.
 * @param merged the contexts of one app.
 */
export function environmentGaps(
  scheme: Scheme,
  merged: readonly MergedContext[],
  treeOf: TreeOf,
): { problem: Problem; contexts: Context[] }[] {
  const places = placesOf(
    merged.filter(({ of }) => of.mode === 'deploy' && of.environment !== localEnvironment),
  );
  if (places.length < 3) return [];
  const gaps: { problem: Problem; contexts: Context[] }[] = [];
  const levels = places.flatMap((place) => place.contexts.map((one) => one.root.entries));
  visit(places, levels, [], (lacking, path) => {
    const found = gapProblem(scheme, places, { lacking, path, treeOf });
    if (found !== undefined) gaps.push({ problem: found, contexts: lacking.contexts.map(({ of }) => of) });
  });
  return gaps;
}

function placesOf(merged: readonly MergedContext[]): Place[] {
  const names = new Set(merged.map(({ of }) => of.environment));
  return [...names].map((environment) => ({
    environment,
    contexts: merged.filter(({ of }) => of.environment === environment),
  }));
}

type Settings = ReadonlyMap<string, Setting>;
type Found = (lacking: Place, path: readonly string[]) => void;

/** @param levels the settings of each context at the path, in the order of the places. */
function visit(places: readonly Place[], levels: readonly Settings[], path: string[], found: Found): void {
  for (const key of keysOf(places, levels)) {
    const settings = levels.map((one) => one.get(key));
    path.push(key);
    if (settings.every((one) => one?.value !== undefined)) {
      const below = settings.flatMap((one) => (one?.value?.kind === 'mapping' ? [one.value.entries] : []));
      if (below.length === levels.length) visit(places, below, path, found);
    } else {
      const lacking = lackingPlace(places, settings);
      if (lacking !== undefined) found(lacking, path);
    }
    path.pop();
  }
}

/** The one place of which no context knows the setting, while all others have it. */
function lackingPlace(
  places: readonly Place[],
  settings: readonly (Setting | undefined)[],
): Place | undefined {
  let at = 0;
  let lacking: Place | undefined;
  for (const place of places) {
    const own = settings.slice(at, at + place.contexts.length);
    at += place.contexts.length;
    if (own.every((one) => one?.value !== undefined)) continue;
    if (lacking !== undefined || own.some((one) => one !== undefined)) return undefined;
    lacking = place;
  }
  return lacking;
}

/** What all places but one have, one of any two has. */
function keysOf(places: readonly Place[], levels: readonly Settings[]): Iterable<string> {
  const one = levels[0] ?? new Map();
  const other = levels[places[0]?.contexts.length ?? 0] ?? new Map();
  const more = [...other.keys()].filter((key) => !one.has(key));
  return more.length === 0 ? one.keys() : [...one.keys(), ...more];
}

interface Gap {
  lacking: Place;
  path: readonly string[];
  treeOf: TreeOf;
}

function gapProblem(
  scheme: Scheme,
  places: readonly Place[],
  { lacking, path, treeOf }: Gap,
): Problem | undefined {
  const others = places.filter((one) => one !== lacking);
  const given = others.flatMap((place) => {
    const say = place.contexts.flatMap((one) => firstSay(one, path) ?? [])[0];
    return say === undefined ? [] : [{ ...say, environment: place.environment }];
  });
  const layer = given.map((one) => counterpart(scheme, lacking, one)).find((one) => one !== undefined);
  if (layer === undefined) return undefined;
  const related = given.map(({ environment, file, range }) => ({
    message: `given in ${environment}`,
    file,
    range,
  }));
  const names = others.map((one) => one.environment).join(', ');
  const message = `no layer gives this in ${lacking.environment}; ${names} have it (\`!deleted\` says that ${lacking.environment} goes without)`;
  const at = { file: layer.file, range: nearestKey(treeOf(layer.file), path) };
  return problem('environment-gap', at, message, { path: [...path], related: distinct(related) });
}

interface Given {
  file: string;
  range: Range;
  slot: string;
  of: Context;
}

/** The lowest layer of a context that gives the setting. */
function firstSay({ of, stack, root }: MergedContext, path: readonly string[]): Given | undefined {
  let setting: Setting | undefined;
  let entries: Settings | undefined = root.entries;
  for (const key of path) {
    setting = entries?.get(key);
    entries = setting?.value?.kind === 'mapping' ? setting.value.entries : undefined;
  }
  const say = setting?.says[0];
  const layer = say && stack[say.layer];
  return say && layer && { file: layer.file, range: say.keyRange, slot: layer.slot, of };
}

/** The lacking environment's layer of the same directory and the same kind, `shop-qa` for `shop-production-us`. */
function counterpart(scheme: Scheme, lacking: Place, given: Given): StackFile | undefined {
  const heads = scheme.slots.flatMap(({ name }) => {
    const end = name.indexOf('{env}');
    return end === -1 ? [] : [name.slice(0, end).replace('{app}', given.of.app)];
  });
  const isOf = (slot: string, name: string) => slot === name || slot.startsWith(`${name}-`);
  const head = heads.find((one) => isOf(given.slot, one + given.of.environment));
  if (head === undefined) return undefined;
  return lacking.contexts[0]?.files.find(
    ({ slot, file }) => isOf(slot, head + lacking.environment) && folderOf(file) === folderOf(given.file),
  );
}

/** The key on the way to the setting that stands in the layer and is nearest to it. */
function nearestKey(root: MappingNode, path: readonly string[]): Range {
  let range = fileStart;
  let node: MappingNode | undefined = root;
  for (const key of path) {
    const entry: ReturnType<MappingNode['entries']['get']> = node?.entries.get(key);
    if (entry === undefined) break;
    range = entry.keyRange;
    node = entry.value.kind === 'mapping' ? entry.value : undefined;
  }
  return range;
}

function distinct(places: readonly RelatedPlace[]): RelatedPlace[] {
  return places.filter(
    (one, index) =>
      places.findIndex((other) => other.file === one.file && other.range.start === one.range.start) === index,
  );
}
