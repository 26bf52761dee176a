import path from 'node:path';
import { isObject } from '../../artifact/signing/manifest.ts';
import { configurationName, textOf } from '../configuration/files.ts';
import { AgentError } from '../failure.ts';
import type { PlanBox } from './box.ts';
import { plainConfiguration, readConfigurationText } from './configurationText.ts';
import { withoutSecrets } from './secrets.ts';

/** The effective configuration of the release that is live, with `sha256:…` in the place of secrets; `missing`. */
export async function liveConfig(
  { live, secrets }: Pick<PlanBox, 'live' | 'secrets'>,
  app: string,
): Promise<Record<string, unknown>> {
  const release = await live(app);
  if (release === undefined) throw new AgentError('missing', `no release of ${app} is live on this box`);
  const text = await textOf(path.join(release.path, configurationName));
  if (text === undefined) {
    throw new AgentError(
      'missing',
      `the live release of ${app}, ${release.version}, has no ${configurationName}`,
    );
  }
  const config = plainConfiguration(withoutSecrets(secrets, readConfigurationText(text)));
  return isObject(config) ? config : {};
}
