import type { Context } from '../layers/context.ts';
import { readPublicData } from '../render/publicData.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { keyParts } from '../yaml/entries.ts';
import { declarationOf } from './declaration.ts';
import { type Definition, distinct } from './definition.ts';
import { layerThatMaySay, namedIn, placesOf } from './naming.ts';
import { type Subject, subjectAt } from './subject.ts';

export interface ReferenceOptions {
  /** The context that the person has chosen. */
  chosen: Context | undefined;
  /** Whether the lowest layer that has the setting counts as well. */
  includeDeclaration: boolean;
}

/**
 * Every place that names the setting at a place: the layers of all apps that share this file, and their lists
 * of public settings.
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
  ]);
  if (includeDeclaration) return found;
  const declared = declarationOf(model, subject)?.definitions[0];
  return found.filter((one) => one.file !== declared?.file || one.keyRange.start !== declared.keyRange.start);
}

/** The apps whose configuration the setting of a file is part of. */
export function appsSharing(model: Model, file: string, { focus }: Subject): ReadonlySet<string> {
  const readers = model.readers(file);
  const names = readers.length === 0 && focus !== undefined ? [focus.app] : readers.map((of) => of.app);
  return new Set(names);
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

function startsWith(parts: readonly string[], path: readonly string[]): boolean {
  return path.every((key, index) => parts[index] === key);
}

/** The part of `common.db.host` that names the setting, which may be `common.db`. */
function partRange(name: string, range: Range, path: readonly string[]): Range {
  if (range.end - range.start !== name.length) return range;
  const end = range.start + path.join('.').length;
  return { start: end - (path.at(-1) ?? '').length, end };
}
