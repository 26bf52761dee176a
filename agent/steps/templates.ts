import fs from 'node:fs/promises';
import path from 'node:path';
import { ownTemplates } from '../../core/steps/findSteps.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { unifiedDiff } from '../plan/unifiedDiff.ts';
import { ifThere } from '../releases/lasting.ts';
import { insideRelease } from './insideRelease.ts';
import { type Rendered, renderedFiles } from './rendered.ts';

const folder = 'deploy/templates';

/**
 * Renders the app's templates into the release, each at its path below `deploy/templates/`: `deploy/templates/etc/app.ini` becomes
 * `etc/app.ini`. Those of other steps (units, virtual hosts) are left to them.
 */
export function templatesStep(): Step {
  return {
    name: 'templates',
    async plan(context) {
      const now = await render(context);
      const files = await Promise.all(
        [...now].map(async ([name, text]) => ({ path: name, diff: await diffOf(context, name, text) })),
      );
      return { files: files.filter(({ diff }) => diff !== '') };
    },
    async prepare(work) {
      for (const [name, text] of await render(work)) await write(work, name, text);
    },
  };
}

function render(context: StepContext): Promise<Rendered> {
  return renderedFiles(context, folder, (name) => ownTemplates([name]).length > 0);
}

async function diffOf({ previous }: StepContext, name: string, text: string): Promise<string> {
  const before =
    previous === undefined ? undefined : await ifThere(fs.readFile(path.join(previous, name), 'utf8'));
  return unifiedDiff(name, before, text);
}

async function write(work: StepWork, name: string, text: string): Promise<void> {
  const { release, user, log } = work;
  const at = await insideRelease(release, name, folder);
  if ((await ifThere(fs.lstat(at))) !== undefined)
    throw new AgentError('refused', `${folder}/${name}: the artifact has a file ${name} of its own`);
  await fs.mkdir(path.dirname(at), { recursive: true });
  const mode = (await modeOf(release, name)) & 0o111 ? 0o750 : 0o640;
  await fs.writeFile(at, text, { mode, flag: 'wx' });
  await fs.chmod(at, mode);
  if (user !== undefined && process.getuid?.() === 0) await fs.chown(at, user.uid, user.gid);
  log(`rendered ${name}`, 'agent');
}

async function modeOf(release: string, name: string): Promise<number> {
  const file = path.join(release, folder, name);
  const stat = (await ifThere(fs.stat(file))) ?? (await fs.stat(`${file}.template`));
  return stat.mode;
}
