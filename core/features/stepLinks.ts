import { appFiles } from '../steps/appSteps.ts';
import { ownTemplates, soughtBy } from '../steps/findSteps.ts';
import { readSteps } from '../steps/readSteps.ts';
import { isStepName } from '../steps/stepNames.ts';
import { joinPath } from '../text/paths.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';

/** From the steps that an app speaks of to the first file by which convention finds each. */
export function stepLinks(
  model: Model,
  app: App,
  file: string,
): { range: Range; target: { file: string; offset: number } }[] {
  const content = model.read(file);
  const { folder } = app;
  if (content === undefined || 'error' in content || folder === undefined) return [];
  return [...readSteps(file, content.text).places].flatMap(([name, range]) => {
    const found = firstFile(model, app, name);
    return found === undefined ? [] : [{ range, target: { file: joinPath(folder, found), offset: 0 } }];
  });
}

function firstFile(model: Model, app: App, step: string): string | undefined {
  const files = appFiles(model, app);
  const sought = isStepName(step) ? soughtBy(step, app.name) : undefined;
  if (sought === undefined) return undefined;
  if (!sought.endsWith('/')) return files.has(sought) ? sought : undefined;
  const below = files.below(sought.slice(0, -1));
  const [first] = step === 'templates' ? ownTemplates(below) : below;
  return first === undefined ? undefined : sought + first;
}
