import type { Context } from '../../layers/context.ts';
import { isLayerFile } from '../../layers/layerFiles.ts';
import { publicDataApp } from '../../render/publicData.ts';
import { stepsApp } from '../../steps/appSteps.ts';
import { templateApp } from '../../templates/templateFiles.ts';
import type { Model } from '../../workspace/model.ts';
import type { Completion } from './completion.ts';
import { keyCompletions } from './keys.ts';
import { otherLayers } from './known.ts';
import { manifestCompletions } from './manifest.ts';
import { publicCompletions } from './publicPaths.ts';
import { schemaLayers } from './schemaLayers.ts';
import { spotAt } from './spot.ts';
import { stepsCompletions } from './steps.ts';
import { templateCompletions } from './template.ts';
import { itemCompletions, valueCompletions } from './values.ts';

/**
 * What can be put in at a place: in a layer, keys and values that other layers have there or the app's schema knows; in public
 * data, settings that are not in the list; in a template, settings and the words of Jinja; in the manifest, what its schema
 * knows, and folders; in what an app says of its steps, likewise. Nothing is merged for it.
 */
export function complete(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Completion[] {
  if (file === model.workspace.manifest) return manifestCompletions(model, file, offset);
  const ofSteps = stepsApp(model, file);
  if (ofSteps !== undefined) return stepsCompletions(model, ofSteps, file, offset);
  const app = publicDataApp(model, file);
  if (app !== undefined) return publicCompletions(model, app, file, offset);
  if (templateApp(model, file) !== undefined) return templateCompletions(model, file, offset);
  const layer = isLayerFile(model, file) ? model.layer(file) : undefined;
  const spot = layer && spotAt(layer.text, offset);
  if (layer === undefined || spot === undefined) return [];
  const others = [...otherLayers(model, file, chosen), ...schemaLayers(model, layer, spot, chosen)];
  if (spot.kind === 'key') return keyCompletions(layer, spot, others);
  return spot.kind === 'value' ? valueCompletions(layer, spot, others) : itemCompletions(layer, spot, others);
}
