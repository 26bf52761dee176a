import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepContext } from '../../deploy/step.ts';
import { filesOfOthers } from '../../deploy/steps/taken.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { programFolder } from './files.ts';
import { sectionsIn } from './programs.ts';

/**
 * Programs and groups that another file of supervisord has by the same name, in words: supervisord would take both for one, and say nothing.
 * @param wanted the app's own files, by their names.
 */
export async function namesakes(
  context: StepContext,
  wanted: ReadonlyMap<string, string>,
): Promise<string[]> {
  const own = sectionsIn(wanted.values());
  const others = await filesOfOthers(context);
  const found: string[] = [];
  for (const name of ((await ifThere(fs.readdir(programFolder))) ?? []).sort()) {
    const at = path.join(programFolder, name);
    const isOwn = wanted.has(name) || context.owned.files.has(at);
    if (isOwn || name.startsWith('.') || !name.endsWith('.conf')) continue;
    const sections = sectionsIn([(await ifThere(fs.readFile(at, 'utf8'))) ?? '']);
    const both = [...own].filter((one) => sections.has(one)).map((one) => one.replace(/^\w[\w-]*:/, ''));
    const app = others.get(at);
    const whose = app === undefined ? '' : ` of the app ${app}`;
    for (const one of new Set(both))
      found.push(`${at}${whose} has a program or group ${one}, too: name one of both otherwise`);
  }
  return found;
}

/** `refused` where there are any. */
export async function refuseNamesakes(
  context: StepContext,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const others = await namesakes(context, wanted);
  if (others.length > 0) throw new AgentError('refused', others.join('; '));
}
