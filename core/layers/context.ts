import { localEnvironment, type Mode } from './scheme.ts';

/** What one effective configuration is for. */
export interface Context {
  app: string;
  environment: string;
  cluster?: string;
  mode: Mode;
  /** The name of the developer's machine, told to the app in local and build mode. */
  hostname?: string;
}

/** Makes a context; the environment `local` means local mode. */
export function context(
  app: string,
  environment: string,
  more: { cluster?: string | undefined; mode?: Mode; hostname?: string | undefined } = {},
): Context {
  const { cluster, mode = 'deploy', hostname } = more;
  return {
    app,
    environment,
    mode: environment === localEnvironment && mode === 'deploy' ? 'local' : mode,
    ...(cluster === undefined ? {} : { cluster }),
    ...(hostname === undefined ? {} : { hostname }),
  };
}

/** `qa`, `production/us`, `qa (build)`: the context's name within its app. */
export function contextLabel(of: Context): string {
  const place = of.cluster === undefined ? of.environment : `${of.environment}/${of.cluster}`;
  const usual = context(of.app, of.environment).mode;
  return of.mode === usual ? place : `${place} (${of.mode})`;
}

/** Whether two contexts are the same, whatever the hostname. */
export function sameContext(one: Context, other: Context): boolean {
  return (
    one.app === other.app &&
    one.environment === other.environment &&
    one.cluster === other.cluster &&
    one.mode === other.mode
  );
}
