import path from 'node:path';
import { isObject } from '../../artifact/signing/manifest.ts';
import { plainConfiguration, readConfigurationText } from '../configuration/configurationText.ts';
import { configurationName, textOf } from '../configuration/files.ts';
import { AgentError } from '../failure.ts';
import { createMask } from '../mask/mask.ts';
import type { PlanBox } from './box.ts';
import { addSecrets, withoutSecrets } from './secrets.ts';

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
  const root = readConfigurationText(text);
  const mask = createMask();
  addSecrets(mask, secrets, root);
  const config = plainConfiguration(withoutSecrets(secrets, root, mask));
  return isObject(config) ? config : {};
}
