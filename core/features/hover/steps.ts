import schema from '../../../schemas/steps.schema.json' with { type: 'json' };
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { App } from '../../workspace/workspace.ts';
import { explainSteps, stepSentence } from '../explainSteps.ts';
import { type SchemaSpot, schemaHover } from './fromSchema.ts';

/** What a key of `deploy/steps.yaml` means, and of a step whether it is one of this app, and by what. */
export function stepsHover(
  model: Model,
  app: App,
  file: string,
  offset: number,
): { range: Range; markdown: string } | undefined {
  return schemaHover({ model, file, offset }, schema, (spot) => stepFacts(model, app, spot));
}

function stepFacts(model: Model, app: App, { path, text, isElement }: SchemaSpot): string {
  const name = path[0] === 'order' && isElement ? text : path[0];
  const step = path.length === 1 ? explainSteps(model, app).find((one) => one.name === name) : undefined;
  return step === undefined ? '' : stepSentence(step);
}
