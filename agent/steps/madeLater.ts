import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepContext } from '../deploy/step.ts';
import { ifThere } from '../releases/lasting.ts';

/** Whether the app has a hook that may still make what is missing in its release. */
export async function hasPrepareHook({ release }: Pick<StepContext, 'release'>): Promise<boolean> {
  return (await ifThere(fs.stat(path.join(release, 'deploy/hooks/prepare')))) !== undefined;
}
