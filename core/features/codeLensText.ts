import type { Context } from '../layers/context.ts';
import { baseName } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { SettingIndex } from '../workspace/settingIndex.ts';
import type { CodeLens } from './codeLens.ts';
import { contextNames, listText } from './contextNames.ts';
import { type Definition, definitionOf, distinct } from './definition.ts';
import { type ChainLink, explainSetting } from './explain.ts';
import { type Focus, focusOn } from './focus.ts';
import { namedIn, placesOf } from './naming.ts';
import { publicPlaces } from './references.ts';
import { overriddenBelow, overriddenBy, readingContexts } from './standing.ts';

/** The words of a lens, and where a click on it leads. */
export interface CodeLensText {
  title: string;
  places: Definition[];
}

const mostNames = 4;

/** The words of a lens; `undefined` when what it told of is no longer so. */
export function codeLensText(
  model: Model,
  file: string,
  { kind, path }: Pick<CodeLens, 'kind' | 'path'>,
  { chosen, index }: { chosen: Context | undefined; index: SettingIndex },
): CodeLensText | undefined {
  const focus = focusOn(model, file, chosen);
  if (focus === undefined) return undefined;
  if (kind === 'overridden') return overridden(model, file, path, focus);
  if (kind === 'overrides') return overrides(model, file, path, focus);
  return references(model, file, path, index);
}

function overridden(
  model: Model,
  file: string,
  path: readonly string[],
  focus: Focus,
): CodeLensText | undefined {
  const contexts = readingContexts(model, file, focus);
  const found = contexts.flatMap((of) => {
    const { says, own } = saysOf(model, file, path, of);
    const by = overriddenBy(says, own);
    return by === undefined ? [] : [{ of, by, isAsked: says[own]?.action === 'require' }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const some = found.map(({ of }) => of);
  const told = focus.contexts.filter((of) => contexts.includes(of));
  const where =
    some.length === contexts.length && some.length > 1
      ? everywhere(model, file, focus.app)
      : listText(contextNames(some, told), mostNames);
  const places = distinct(found.flatMap(({ by }) => definitionOf(by) ?? []));
  return { title: `${first.isAsked ? 'given' : 'overridden'} in ${where}`, places };
}

function everywhere(model: Model, file: string, app: string): string {
  const isShared = model.readers(file).some((of) => of.app !== app);
  return isShared ? `every context of ${app}` : 'every context';
}

function overrides(
  model: Model,
  file: string,
  path: readonly string[],
  focus: Focus,
): CodeLensText | undefined {
  const [of] = readingContexts(model, file, focus);
  if (of === undefined) return undefined;
  const { says, own } = saysOf(model, file, path, of);
  const below = overriddenBelow(says, own).filter((say) => say.file !== '');
  const giving = below.filter((say) => say.action !== 'require');
  const [nearest, ...others] = giving.length > 0 ? giving : below;
  if (nearest === undefined) return undefined;
  const verb = giving.length > 0 ? 'overrides' : 'fills the placeholder of';
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const places = distinct([nearest, ...others].flatMap((say) => definitionOf(say) ?? []));
  return { title: `${verb} ${baseName(nearest.file)}${more}`, places };
}

/** What was said of a setting in a context, lowest first, and which of it this file did. */
function saysOf(
  model: Model,
  file: string,
  path: readonly string[],
  of: Context,
): { says: ChainLink[]; own: number } {
  const says = explainSetting(model, of, path).chain.filter((link) => link.action !== undefined);
  return { says, own: says.findIndex((say) => say.file === file) };
}

/** The other places that name a setting, in all apps that share the file. */
function references(
  model: Model,
  file: string,
  path: readonly string[],
  index: SettingIndex,
): CodeLensText | undefined {
  const apps = new Set(model.readers(file).map((of) => of.app));
  const files = index.of(model).naming(path);
  const inLayers = [...files].flatMap((one) => {
    const isOther = one !== file && model.readers(one).some((of) => apps.has(of.app));
    const layer = isOther ? model.layerIfRead(one) : undefined;
    const named = layer && namedIn(layer.root, path);
    return named ? placesOf(one, named) : [];
  });
  const places = [...inLayers, ...publicPlaces(model, path, apps)];
  const count = `${places.length}${isWhollyRead(model) ? '' : '+'}`;
  return { title: `${count} ${count === '1' ? 'reference' : 'references'}`, places };
}

/** In a large workspace the check for problems takes a while until it has come to every layer. */
function isWhollyRead(model: Model): boolean {
  return [...model.layerFiles()].every((one) => model.layerIfRead(one) !== undefined);
}
