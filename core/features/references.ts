import type { Context } from '../layers/context.ts';
import { readPublicData } from '../render/publicData.ts';
import { templateApp, templatesOf } from '../templates/templateFiles.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { keyParts } from '../yaml/entries.ts';
import { declarationOf } from './declaration.ts';
import { type Definition, definitionOf, distinct } from './definition.ts';
import { explainSetting } from './explain.ts';
import type { Focus } from './focus.ts';
import { layerThatMaySay, namedIn, placesOf } from './naming.ts';
import { type Subject, subjectAt } from './subject.ts';
import { mentionsIn } from './templateNames.ts';

export interface ReferenceOptions {
  /** The context that the person has chosen. */
  chosen: Context | undefined;
  /** Whether the lowest layer that has the setting counts as well. */
  includeDeclaration: boolean;
}

/**
 * Every place that names the setting at a place: the layers of all apps that share this file, their lists of public
 * settings and their templates. From a template, those of all apps that share a layer with the setting.
 */
export function references(
  model: Model,
  file: string,
  offset: number,
  { chosen, includeDeclaration }: ReferenceOptions,
): Definition[] | undefined {
  const subject = subjectAt(model, file, offset, chosen);
  if (subject === undefined) return undefined;
  const apps = appsSharing(model, file, subject);
  const found = distinct([
    ...inLayers(model, file, subject.path, apps),
    ...publicPlaces(model, subject.path, apps),
    ...inTemplates(model, subject, apps),
  ]);
  if (includeDeclaration) return found;
  const declared = declarationOf(model, subject)?.definitions[0];
  return found.filter((one) => one.file !== declared?.file || one.keyRange.start !== declared.keyRange.start);
}

/** The apps whose configuration the setting of a file is part of. */
export function appsSharing(model: Model, file: string, { focus, path }: Subject): ReadonlySet<string> {
  const readers = model.readers(file);
  const names = readers.length === 0 && focus !== undefined ? [focus.app] : readers.map((of) => of.app);
  const own = new Set(names);
  if (focus === undefined || templateApp(model, file) === undefined) return own;
  const said = definitionsIn(model, focus, path).flatMap((one) => model.readers(one.file));
  return new Set([...own, ...said.map((of) => of.app)]);
}

function definitionsIn(model: Model, focus: Focus, path: readonly string[]): Definition[] {
  return focus.contexts.flatMap((of) =>
    explainSetting(model, of, path).chain.flatMap((one) => definitionOf(one) ?? []),
  );
}

function inLayers(
  model: Model,
  file: string,
  path: readonly string[],
  apps: ReadonlySet<string>,
): Definition[] {
  const shared = [...model.layerFiles()].filter(
    (one) => one === file || model.readers(one).some((of) => apps.has(of.app)),
  );
  return shared.flatMap((one) => {
    const layer = layerThatMaySay(model, one, path);
    const named = layer && namedIn(layer.root, path);
    return named ? placesOf(one, named) : [];
  });
}

/** The entries of these apps' lists of public settings that name a setting or one below it. */
export function publicPlaces(model: Model, path: readonly string[], apps: ReadonlySet<string>): Definition[] {
  const sharing = model.workspace.apps.filter((app) => apps.has(app.name));
  return sharing.flatMap((app) => {
    const listed = readPublicData(model, app);
    return (listed?.keys ?? [])
      .filter(({ name }) => startsWith(keyParts(name), path))
      .map(({ name, range }) => {
        const keyRange = partRange(name, range, path);
        return { file: listed?.file ?? '', keyRange, range };
      });
  });
}

/** A name stands in the text of a template as it is, unless it is written with escapes. */
function inTemplates(model: Model, { path }: Subject, apps: ReadonlySet<string>): Definition[] {
  const name = path.at(-1) ?? '';
  const mayMatter = (text: string) => text.includes(name) || text.includes('\\') || isVariable(path);
  const sharing = model.workspace.apps.filter((app) => apps.has(app.name));
  return sharing.flatMap((app) =>
    templatesOf(model, app, mayMatter).flatMap((one) =>
      mentionsIn(one, app, path).map(({ part, range }) => ({ file: one.file, keyRange: part.range, range })),
    ),
  );
}

/** `aconf` and `cconf` stand for an app's section and the common one. */
function isVariable(path: readonly string[]): boolean {
  return path.length === 1;
}

function startsWith(parts: readonly string[], path: readonly string[]): boolean {
  return path.every((key, index) => parts[index] === key);
}

/** The part of `common.db.host` that names the setting, which may be `common.db`. */
function partRange(name: string, range: Range, path: readonly string[]): Range {
  if (range.end - range.start !== name.length) return range;
  const end = range.start + path.join('.').length;
  return { start: end - (path.at(-1) ?? '').length, end };
}
