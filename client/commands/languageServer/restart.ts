import { startLanguageClient } from '../../languageClient.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Restart Language Server** */
export async function restartServer({ client, log }: Parts): Promise<void> {
  log.info('The language server is restarted on request.');
  if (client.isRunning()) await client.stop();
  await startLanguageClient(client, log);
}
