import type { Context } from '../layers/context.ts';
import { isLayerFile } from '../layers/layerFiles.ts';
import { publicDataApp, readPublicData } from '../render/publicData.ts';
import { templateApp } from '../templates/templateFiles.ts';
import { type Range, touches } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';
import { keyParts } from '../yaml/entries.ts';
import { type Focus, focusAmong, focusOn } from './focus.ts';
import { settingAt } from './settingAt.ts';
import { nameInTemplate } from './templateNames.ts';

/** The setting that a request is about, wherever it is named. */
export interface Subject {
  path: string[];
  /** Where it is named. */
  origin: Range;
  /** From which app and contexts it is looked at; `undefined` in a file that nothing loads. */
  focus: Focus | undefined;
  /** The layer does not parse, and this is what it said before. */
  stale: boolean;
}

/** The setting at a place of a layer, of an app's list of public settings, or of a template. */
export function subjectAt(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Subject | undefined {
  const app = publicDataApp(model, file);
  if (app !== undefined) {
    const key = readPublicData(model, app)?.keys.find((one) => touches(one.range, offset));
    const focus = focusAmong(model, contextsOf(model.workspace, app.name), chosen);
    return key && { path: keyParts(key.name), origin: key.range, focus, stale: false };
  }
  if (templateApp(model, file) !== undefined) return subjectInTemplate(model, file, offset, chosen);
  const layer = model.layer(file);
  const at = layer && settingAt(layer, offset);
  if (layer === undefined || at === undefined) return undefined;
  const focus = focusOn(model, file, chosen);
  if (focus === undefined && !isLayerFile(model, file)) return undefined;
  return { path: at.path, origin: at.keyRange, focus, stale: layer.stale };
}

function subjectInTemplate(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Subject | undefined {
  const named = nameInTemplate(model, file, offset);
  if (named === undefined) return undefined;
  const { app, path, part } = named;
  const focus = focusAmong(model, contextsOf(model.workspace, app.name), chosen);
  return { path, origin: part.range, focus, stale: false };
}
