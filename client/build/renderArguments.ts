import type { ContextName } from '../../protocol/contexts.ts';

/** The command line of `strata` that writes the configuration of a context into the app's folder. */
export function renderArguments({ app, environment, cluster, mode }: ContextName, root: string): string[] {
  return [
    ...['render', '--write', '-C', root],
    ...(cluster === null ? [] : [`--cluster=${cluster}`]),
    // The environment `local` is in local mode by itself.
    ...(mode === 'deploy' ? [] : [`--${mode}`]),
    ...['--', app, environment],
  ];
}
