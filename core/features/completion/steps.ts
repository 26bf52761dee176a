import schema from '../../../schemas/steps.schema.json' with { type: 'json' };
import type { Model } from '../../workspace/model.ts';
import type { App } from '../../workspace/workspace.ts';
import { explainSteps } from '../explainSteps.ts';
import type { Completion } from './completion.ts';
import { schemaCompletions } from './fromSchema.ts';
import { spotAt } from './spot.ts';

/** The keys and values that the schema of `deploy/steps.yaml` knows; beside a step, what of it convention finds in the app. */
export function stepsCompletions(model: Model, app: App, file: string, offset: number): Completion[] {
  const content = model.read(file);
  const text = content !== undefined && 'text' in content ? content.text : '';
  const spot = spotAt(text, offset, { dottedKeys: false });
  if (spot === undefined) return [];
  const found = schemaCompletions(schema, text, spot);
  const namesSteps = spot.kind === 'key' ? spot.path.length === 0 : spot.path[0] === 'order';
  if (!namesSteps) return found;
  const steps = new Map(explainSteps(model, app).map((one) => [String(one.name), one]));
  return found.map((one) => {
    const detail = steps.get(one.label)?.found;
    return detail === undefined ? one : { ...one, detail };
  });
}
