import { joinPath } from '../text/paths.ts';
import type { Model } from './model.ts';
import { type App, appDirectory } from './workspace.ts';

/** A file beside an app's own layers, by its name without an ending; `undefined` where there is none. */
export function appFile(model: Model, app: App, stem: string): string | undefined {
  const { workspace } = model;
  const folder = appDirectory(workspace, app);
  if (folder === undefined) return undefined;
  const names = model.names(folder);
  const ending = workspace.scheme.endings.find((one) => names.has(stem + one));
  return ending === undefined ? undefined : joinPath(folder, stem + ending);
}
