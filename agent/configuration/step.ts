import type { Repository } from '../../artifact/repository/repository.ts';
import type { Step, StepContext } from '../deploy/step.ts';
import { keptCentral, swingCentral } from './central.ts';
import { centralVersionOf, writeConfiguration } from './files.ts';
import { gcCentral } from './gcCentral.ts';
import { renderRelease } from './render.ts';
import type { ConfigurationSettings, FileOwner } from './settings.ts';

/** What releases are configured with on this box. */
export interface ConfigurationBox {
  /** Apps are in folders of it. */
  root: string;
  repository: Repository;
  settings: ConfigurationSettings;
  /** Whom the files of an app are given to; who runs the agent when left out. */
  owner?: ((app: string) => FileOwner | undefined) | undefined;
}

/** The name of {@link configurationStep}: a plan tells of it in a way of its own. */
export const configurationStepName = 'configuration';

/**
 * Fetches the central config where it is an artifact, merges it with the layers of the release and writes the configuration into the
 * release. Must be the first of all steps: the others find the app's settings there.
 */
export function configurationStep(box: ConfigurationBox): Step {
  const use: Use = { count: 0, collecting: Promise.resolve() };
  return {
    name: configurationStepName,
    applies: ({ app }) => isConfigured(box.settings, app),
    plan: async () => ({}),
    async prepare(context) {
      await use.collecting;
      use.count++;
      await configure(box, context).finally(() => use.count--);
    },
    async deployed({ app, release, log }) {
      const { central } = box.settings;
      const version = central.kind === 'artifact' ? await centralVersionOf(release) : undefined;
      if (version !== undefined && central.kind === 'artifact' && app !== central.app) {
        await swingCentral(box.root, central.app, version);
        await collect(box.root, central.app, use, log);
      }
    },
  };
}

/** How many releases are being configured, and what goes on that they have to wait for. */
interface Use {
  count: number;
  collecting: Promise<void>;
}

/** So many versions of the central config stay that no release was configured with. */
const keptOthers = 3;

/** What cannot be taken away now is tried the next time. */
async function collect(root: string, app: string, use: Use, log: StepContext['log']): Promise<void> {
  if (use.count > 0) return;
  use.collecting = gcCentral(root, app, keptOthers).then(
    (gone) =>
      gone.length > 0 ? log(`versions ${gone.join(', ')} of the central config are gone`) : undefined,
    (error: Error) => log(`old versions of the central config could not be taken away: ${error.message}`),
  );
  await use.collecting;
}

/** Whether an app gets a configuration: the central config itself does not. */
export function isConfigured({ central }: ConfigurationSettings, app: string): boolean {
  return central.kind === 'folder' || app !== central.app;
}

/** Writes the configuration of a release. `refused` with the places of all mistakes; `missing`, `unavailable`, `full`, `cancelled`. */
async function configure(
  box: ConfigurationBox,
  { app, release, configs: version, log, signal }: StepContext,
): Promise<void> {
  const place = { root: box.root, repository: box.repository, central: box.settings.central };
  const central = await keptCentral(place, { version, signal });
  const configuration = renderRelease(box.settings, { app, release, central });
  await writeConfiguration(release, configuration, central.version, box.owner?.(app));
  const from =
    central.version === undefined ? central.base : `version ${central.version} of the central config`;
  log(`wrote the configuration, with ${from}`, 'agent');
}
