import type { Parts } from '../parts.ts';

/** **Strata: Restart Language Server** */
export async function restartServer({ server, log }: Parts): Promise<void> {
  log.info('The language server is restarted on request.');
  await server.restart();
}
