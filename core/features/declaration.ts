import type { Context } from '../layers/context.ts';
import type { Model } from '../workspace/model.ts';
import { type Definitions, definitionOf } from './definition.ts';
import { type ChainLink, explainSetting } from './explain.ts';
import { activeFirst } from './focus.ts';
import { type Subject, subjectAt } from './subject.ts';

/**
 * The lowest layer of the active context that has the setting at a place; where the active context does not
 * have it, that of the first context that does.
 */
export function declaration(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Definitions | undefined {
  const subject = subjectAt(model, file, offset, chosen);
  return subject && declarationOf(model, subject);
}

/** The declaration of a setting that was found already. */
export function declarationOf(model: Model, { path, origin, focus }: Subject): Definitions | undefined {
  if (focus === undefined) return undefined;
  for (const of of activeFirst(focus)) {
    const lowest = explainSetting(model, of, path).chain.find(gives);
    const found = lowest && definitionOf(lowest);
    if (found) return { origin, definitions: [found] };
  }
  return undefined;
}

function gives({ action, file }: ChainLink): boolean {
  return file !== '' && action !== undefined && action !== 'delete';
}
