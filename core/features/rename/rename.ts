import type { FileEdit } from '../../text/edits.ts';
import { fileStart } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { Layer } from '../../yaml/layer.ts';
import { needsEscapes } from '../../yaml/quoting.ts';
import { type Affected, affectedBy, entryAt } from './affected.ts';
import { layerEdits } from './layerEdits.ts';
import { publicEdits } from './publicEdits.ts';
import { type OrRefusal, type Refusal, refuse } from './refusal.ts';
import { renameTarget } from './target.ts';
import { templateEdits } from './templateEdits.ts';

/**
 * Renames the setting whose key stands at a place, or that is named there in public data or a template: in every layer
 * of every app that shares it, in their public data and in their templates. Only the words themselves change; quotes are added where YAML needs them. Refused where
 * the configurations would differ in more than the name, and where that cannot be known.
 */
export function rename(
  model: Model,
  file: string,
  offset: number,
  typed: string,
): OrRefusal<{ edits: FileEdit[] }> {
  const target = renameTarget(model, file, offset);
  if (target === undefined) return refuse('no key of a setting stands here');
  const { path } = target;
  const newName = typed.trim();
  const fault = nameFault(newName);
  if (fault !== undefined) return refuse(fault);
  if (newName === path.at(-1)) return { edits: [] };
  const affected = affectedBy(model, path, { apps: target.apps, file });
  const hindrance = hindranceIn(affected.layers, path, newName);
  if (hindrance !== undefined) return { refusal: hindrance };
  const named = affected.layers.filter((layer) => entryAt(layer.root, path));
  if (named.length === 0) return refuse(`no layer gives \`${path.join('.')}\``);
  return allEdits(model, affected, named, path, newName);
}

function allEdits(
  model: Model,
  { apps }: Affected,
  named: readonly Layer[],
  path: readonly string[],
  newName: string,
): OrRefusal<{ edits: FileEdit[] }> {
  const { workspace } = model;
  const edits: FileEdit[] = [];
  const results = function* () {
    for (const layer of named) yield layerEdits(layer, path, newName, workspace.yaml);
    for (const app of workspace.apps.filter(({ name }) => apps.has(name))) {
      yield publicEdits(model, app, path, newName);
      yield templateEdits(model, app, path, newName);
    }
  };
  for (const result of results()) {
    if ('refusal' in result) return result;
    edits.push(...result.edits);
  }
  return { edits: distinctEdits(edits) };
}

/** Apps that share a folder share its templates. */
function distinctEdits(edits: readonly FileEdit[]): FileEdit[] {
  return [...new Map(edits.map((one) => [`${one.file}:${one.range.start}`, one])).values()];
}

/** What is wrong with a new name, in words. */
function nameFault(name: string): string | undefined {
  if (name === '') return 'the new name must not be empty';
  if (name.includes('.'))
    return `\`${name}\` has a dot, which stands between the parts of a path: give one part`;
  if (needsEscapes(name)) return 'the new name must be one line of text';
  return undefined;
}

/** The first layer that stands in the way: one that cannot be read, or has the new name beside the old one. */
function hindranceIn(
  layers: readonly Layer[],
  path: readonly string[],
  newName: string,
): Refusal | undefined {
  const newPath = [...path.slice(0, -1), newName];
  for (const { file, root, text, problems, stale } of layers) {
    const given = [path, newPath].find((one) => entryAt(root, one) !== undefined);
    if (file === '' && given) return { message: `\`${given.join('.')}\` is given by the renderer itself` };
    const taken = entryAt(root, newPath);
    if (taken) {
      return { message: `\`${newPath.join('.')}\` is already there`, at: { file, range: taken.keyRange } };
    }
    const fault = problems.find((one) => one.code === 'yaml-syntax');
    if ((fault || stale) && (given || text.includes(path.at(-1) ?? ''))) {
      const message = 'this layer cannot be read as it stands: mend it first';
      return { message, at: { file, range: fault?.range ?? fileStart } };
    }
  }
  return undefined;
}
