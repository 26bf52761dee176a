import { type Context, sameContext } from '../layers/context.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';

/** From which side a layer is looked at. */
export interface Focus {
  app: string;
  /** The contexts to tell of: all that the app is deployed to, and those that load this very file. */
  contexts: Context[];
  /** The one whose chain is shown. */
  active: Context;
}

/** The contexts of a focus, the active one first. */
export function activeFirst({ contexts, active }: Focus): Context[] {
  return [active, ...contexts.filter((of) => !sameContext(of, active))];
}

/**
 * The app and contexts that a layer is looked at from: those chosen by the person where they load the file,
 * else the first that do. `undefined` for a file that nothing loads.
 */
export function focusOn(model: Model, file: string, chosen: Context | undefined): Focus | undefined {
  const byApp = model.readersByApp(file);
  const [first = []] = byApp.values();
  return focusAmong(model, byApp.get(chosen?.app ?? '') ?? first, chosen);
}

/** The same for what some contexts of one app have to do with. */
export function focusAmong(
  model: Model,
  readers: readonly Context[],
  chosen: Context | undefined,
): Focus | undefined {
  const [first] = readers;
  if (first === undefined) return undefined;
  const { app } = first;
  const deployed = contextsOf(model.workspace, app);
  const isNew = (of: Context) => of.mode !== 'build' && !deployed.some((one) => sameContext(one, of));
  const known = [...deployed, ...readers.filter(isNew)];
  const isRead = readers.some((of) => of.mode !== 'build');
  const contexts = isRead ? known : [...known, ...readers];
  const active =
    contexts.find((of) => chosen !== undefined && sameContext(of, { ...chosen, app })) ??
    contexts.find((of) => of.environment === chosen?.environment) ??
    first;
  return { app, contexts, active };
}
