import { isFlag, isObject, isOrNothing, isText } from '../../protocol/values.ts';

/** A build as `tasks.json` has it; an alias, since VS Code takes nothing that may have other keys. */
export type BuildDefinition = {
  type: 'strata';
  app: string;
  /** The environment that is configured for; the manifest's where nothing is said. */
  environment?: string;
  cluster?: string;
  channel?: string;
  /** Build with changes that are not committed. */
  allowDirty?: boolean;
  skipTests?: boolean;
};

export function isBuildDefinition(value: unknown): value is BuildDefinition {
  if (!isObject(value)) return false;
  const { type, app, environment, cluster, channel, allowDirty, skipTests } = value;
  return (
    type === 'strata' &&
    isText(app) &&
    app !== '' &&
    [environment, cluster, channel].every((one) => isOrNothing(one, isText)) &&
    [allowDirty, skipTests].every((one) => isOrNothing(one, isFlag))
  );
}

/**
 * The command line of `strata` that carries a build out.
 * @param root the folder of the app's workspace.
 */
export function buildArguments(definition: BuildDefinition, root: string): string[] {
  const { app, environment, cluster, channel, allowDirty, skipTests } = definition;
  const options: [string, string | undefined][] = [
    ['--env', environment],
    ['--cluster', cluster],
    ['--channel', channel],
  ];
  return [
    ...['build', '--json', '-C', root],
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    ...(allowDirty === true ? ['--allow-dirty'] : []),
    ...(skipTests === true ? ['--skip-tests'] : []),
    // A name that begins with a dash is no option.
    ...['--', app],
  ];
}

/** Tells builds apart that are asked for. */
export function buildKey(root: string, { app }: BuildDefinition): string {
  return JSON.stringify([root, app]);
}
