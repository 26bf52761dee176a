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
  return focusAmong(model, model.readers(file), chosen);
}

/** The same for a file that some contexts have to do with without loading it as a layer. */
export function focusAmong(
  model: Model,
  readers: readonly Context[],
  chosen: Context | undefined,
): Focus | undefined {
  const [first] = readers.filter((of) => of.app === chosen?.app).concat(readers);
  if (first === undefined) return undefined;
  const { app } = first;
  const deployed = contextsOf(model.workspace, app);
  const others = readers.filter(
    (of) => of.app === app && of.mode !== 'build' && !deployed.some((one) => sameContext(one, of)),
  );
  const known = [...deployed, ...others];
  const isRead = readers.some((of) => of.app === app && of.mode !== 'build');
  const contexts = isRead ? known : [...known, ...readers.filter((of) => of.app === app)];
  const active =
    contexts.find((of) => chosen !== undefined && sameContext(of, { ...chosen, app })) ??
    contexts.find((of) => of.environment === chosen?.environment) ??
    first;
  return { app, contexts, active };
}
