import { Command } from 'commander';
import { withBoxChoice } from './boxes/options.ts';
import type { showStatus } from './status/showStatus.ts';

/** `strata status`: what is live on the boxes. */
export function statusCommand(): Command {
  return withBoxChoice(new Command('status'))
    .summary('tell what is live on the boxes')
    .description(
      'Tells for each box and app which version is live and since when, the one before, what is being deployed, and how the ' +
        'last deployment ended. It fails where a box cannot be asked.',
    )
    .argument('[app]', 'an app (default: all)')
    .option('--timeout <seconds>', 'how long a box may take', '10')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof showStatus>) =>
      (await import('./status/showStatus.ts')).showStatus(...given),
    );
}
