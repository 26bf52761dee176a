import { localEnvironment } from '../../layers/scheme.ts';
import { resolveSetting } from '../../merge/resolve.ts';
import type { Model } from '../../workspace/model.ts';
import { contextsOf } from '../../workspace/workspace.ts';
import { plainSetting, type SettingText } from '../../yaml/edit/settingText.ts';
import { keyParts } from '../../yaml/entries.ts';
import { focusOn } from '../focus.ts';
import type { Action, ActionRequest, ShownProblem } from './action.ts';
import { valuesElsewhere } from './elsewhere.ts';
import { environmentLayers } from './environmentLayers.ts';
import { guarded } from './guard.ts';
import { canTake, copied } from './moveSetting.ts';
import { editableLayer, fileTitle, giving, settingHere, settingTitle, standsAlone } from './place.ts';

/** How many values of other environments are offered. */
const mostValues = 3;

/** Gives a setting that all environments but one have, as another has it, or says that this one goes without. */
export function fillGapActions({ model, file, problems }: ActionRequest): Action[] {
  return problems.flatMap((fixes): Action[] => {
    const [reader] = fixes.code === 'environment-gap' ? model.readers(file) : [];
    if (reader === undefined || fixes.setting === undefined) return [];
    const { app, environment } = reader;
    const path = keyParts(fixes.setting);
    const values = valuesElsewhere(
      model,
      app,
      path,
      (of) => of.environment === environment || of.environment === localEnvironment,
    );
    const give = (title: string, text: () => SettingText) =>
      giveAction(model, file, path, { title, text, fixes });
    const actions = values
      .slice(0, mostValues)
      .map(({ environment: other, shown, text }) =>
        give(`Give ${settingTitle(path)} in ${environment} as in ${other}: ${shown}`, text),
      );
    if (file.endsWith('.json')) return actions;
    const without = give(`Say that ${environment} goes without it (\`!deleted\`)`, () =>
      plainSetting('!deleted', false),
    );
    return [...actions, without];
  });
}

function giveAction(
  model: Model,
  file: string,
  path: readonly string[],
  { title, text, fixes }: { title: string; text: () => SettingText; fixes: ShownProblem },
): Action {
  const change = () => guarded(model, giving(model, file, path, text()), { paths: [path] });
  return { title, kind: 'quickfix', fixes, change };
}

/** Copies the setting at the cursor to the layer of an environment in which no layer says anything of it. */
export function copyToGapActions(request: ActionRequest): Action[] {
  const { model, file, chosen, files } = request;
  const at = settingHere(request);
  const kin = at && standsAlone(at) ? environmentLayers(model, file) : undefined;
  const app = focusOn(model, file, chosen)?.app;
  if (at === undefined || kin === undefined || app === undefined) return [];
  return [...kin.files].flatMap(([environment, target]): Action[] => {
    if (target === file || environment === localEnvironment) return [];
    if (!lacks(model, app, environment, at.path)) return [];
    const isThere = model.layer(target) !== undefined;
    if (isThere ? !canTake(editableLayer(model, target)?.root, at.path) : !files.create) return [];
    const where = `${isThere ? '' : 'a new file '}${fileTitle(model, target, [file])}`;
    const title = `Give ${settingTitle(at.path)} in ${environment} too, in ${where}`;
    return [{ title, kind: 'refactor.copy', change: () => copied(model, file, target, at) }];
  });
}

function lacks(model: Model, app: string, environment: string, path: readonly string[]): boolean {
  const contexts = contextsOf(model.workspace, app).filter((of) => of.environment === environment);
  return contexts.every(
    (of) => resolveSetting(model.stack(of), model.workspace.merge, path).setting === undefined,
  );
}
