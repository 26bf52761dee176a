import fs from 'node:fs';
import path from 'node:path';
import { prepareNodeModules } from '../caches/nodeModules.ts';
import { prepareVirtualenv } from '../caches/virtualenv.ts';
import { nodePackage, shellCommand } from '../conventions.ts';
import type { StepOutcome } from '../reporter.ts';
import { runIn, type Work } from '../work.ts';

/** Gets what the app needs: its virtualenv where it has a requirements.txt, its node modules where it has a package.json. */
export async function prepare(work: Work): Promise<StepOutcome> {
  const said = work.settings.steps.prepare;
  if (said === false) return 'none';
  if (said !== undefined) {
    await runIn(work, shellCommand(said));
    return 'done';
  }
  const isPython = fs.existsSync(path.join(work.folder, 'requirements.txt'));
  const node = nodePackage(work.folder);
  if (isPython) await prepareVirtualenv(work);
  if (node !== undefined) await prepareNodeModules(work, node);
  const needsModules = node !== undefined && (node.hasLock || node.hasDependencies);
  return isPython || needsModules ? 'done' : 'none';
}
