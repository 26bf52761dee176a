import type { Repository } from '../../artifact/repository/repository.ts';
import type { Step, StepContext } from '../deploy/step.ts';
import { keptCentral, swingCentral } from './central.ts';
import { centralVersionOf, writeConfiguration } from './files.ts';
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
  return {
    name: configurationStepName,
    applies: ({ app }) => isConfigured(box.settings, app),
    plan: async () => ({}),
    prepare: (context) => configure(box, context),
    async deployed({ app, release }) {
      const { central } = box.settings;
      const version = central.kind === 'artifact' ? await centralVersionOf(release) : undefined;
      if (version !== undefined && central.kind === 'artifact' && app !== central.app) {
        await swingCentral(box.root, central.app, version);
      }
    },
  };
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
