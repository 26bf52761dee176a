import { type Context, sameContext } from '../layers/context.ts';
import { stackFiles } from '../layers/stack.ts';
import type { Model } from '../workspace/model.ts';
import { type Definition, type Definitions, distinct } from './definition.ts';
import { layerThatMaySay, placesOf, saidIn } from './naming.ts';
import { type Subject, subjectAt } from './subject.ts';

/**
 * All layers that override the setting at a place, or add to it: those above this layer in any context that
 * reads it, from high to low precedence, the active context first. From a list of public settings, every layer
 * above the lowest that has it.
 */
export function implementation(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Definitions | undefined {
  const subject = subjectAt(model, file, offset, chosen);
  if (subject?.focus === undefined) return undefined;
  const { path, origin, focus } = subject;
  const saying = new Map<string, Definition[]>();
  const placesIn = (one: string) => {
    const known = saying.get(one) ?? placesOfSay(model, one, path);
    saying.set(one, known);
    return known;
  };
  const found = contextsToAsk(model, file, focus).flatMap((of) => {
    const files = stackFiles(model.workspace, of, model.layersIn).map((one) => one.file);
    const here = files.indexOf(file);
    const from = here === -1 ? files.findIndex((one) => placesIn(one).length > 0) : here;
    return files
      .slice(from + 1)
      .reverse()
      .flatMap(placesIn);
  });
  return { origin, definitions: distinct(found) };
}

/** The contexts that read the file, the active one first, then those of the app that is looked at. */
function contextsToAsk(model: Model, file: string, focus: NonNullable<Subject['focus']>): Context[] {
  const readers = model.readers(file);
  const all = readers.length === 0 ? focus.contexts : readers;
  const rank = (of: Context) => (sameContext(of, focus.active) ? 0 : of.app === focus.app ? 1 : 2);
  return [...all].sort((one, other) => rank(one) - rank(other));
}

function placesOfSay(model: Model, file: string, path: readonly string[]): Definition[] {
  const layer = layerThatMaySay(model, file, path);
  const said = layer && saidIn(layer.root, path);
  return said ? placesOf(file, said).slice(0, 1) : [];
}
