import schema from '../../../schemas/strata.schema.json' with { type: 'json' };
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { schemaHover } from './fromSchema.ts';
import { manifestFacts } from './manifestFacts.ts';

/**
 * What a key of the manifest means, by its JSON Schema, and what it stands for in this workspace; `undefined` where
 * nothing is known of it.
 */
export function manifestHover(
  model: Model,
  file: string,
  offset: number,
): { range: Range; markdown: string } | undefined {
  return schemaHover({ model, file, offset }, schema, (spot) => manifestFacts(model, file, spot));
}
