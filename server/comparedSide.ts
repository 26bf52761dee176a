import type { ComparedSide } from '../core/features/compareContexts.ts';
import type { Context } from '../core/layers/context.ts';
import { centralDirectories, fileNames, layersBySlot, stackFiles } from '../core/layers/stack.ts';
import { mergeStack } from '../core/merge/merge.ts';
import type { LayerSource } from '../core/source.ts';
import { type Model, openModel } from '../core/workspace/model.ts';
import { appDirectory, appNamed, type Workspace } from '../core/workspace/workspace.ts';
import { headSource } from '../disk/gitSource.ts';
import type { CompareSide } from '../protocol/compare.ts';
import type { Session } from './session.ts';

/** One of two configurations that are compared, with the model that its layers are from. */
export interface LoadedSide extends ComparedSide {
  model: Model;
}

/** Merges one side, from what the session knows or from the last commit; or says why it cannot be had. */
export async function loadSide(
  session: Session,
  { context: name, ref }: CompareSide,
  signal: AbortSignal,
): Promise<LoadedSide | { error: string }> {
  const place = session.placeOfContext(name);
  if (place === undefined) return { error: `there is no context ${name.app} ${name.label}` };
  const { context } = place;
  const model =
    ref === undefined ? place.model : await committedModel(place.model.workspace, context, signal);
  if ('error' in model) return model;
  const stack = model.stack(context);
  const unread = ref === undefined ? undefined : unreadable(stack);
  if (unread !== undefined) return { error: unread };
  return { model, stack, root: mergeStack(stack, model.workspace.merge).root };
}

/** A commit lacks what cannot be read of it, and a comparison would show that as a change. */
function unreadable(stack: ComparedSide['stack']): string | undefined {
  const problems = stack.flatMap(({ layer }) => layer.problems);
  const found = problems.find((one) => one.code === 'unreadable-layer');
  return found && `${found.file}: ${found.message}`;
}

/** The layers of one context as the last commit has them; what there is besides layers is taken as it is now. */
async function committedModel(
  workspace: Workspace,
  of: Context,
  signal: AbortSignal,
): Promise<Model | { error: string }> {
  const app = appNamed(workspace, of.app);
  const own = app && appDirectory(workspace, app);
  const folders = new Set([...centralDirectories(workspace, of, own), ...(own === undefined ? [] : [own])]);
  const files = (list: LayerSource['list']) => {
    const names = (folder: string) => fileNames({ list, read: () => undefined }, folder);
    const layersIn = (folder: string) => layersBySlot(workspace.scheme, folder, names(folder));
    return stackFiles(workspace, of, layersIn).map((one) => one.file);
  };
  const source = await headSource([...folders], files, signal);
  return 'error' in source ? source : openModel(source, workspace);
}
