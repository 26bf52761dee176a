import fs from 'node:fs/promises';
import path from 'node:path';
import { asMapping, asText } from '../config/plain.ts';
import { publicName, textOf } from '../configuration/files.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { insideRelease } from './insideRelease.ts';

/** What stands in a file for the public settings, where the app names nothing else. */
const usualToken = '<%= config %>';

/** Puts the public settings of the app into the JavaScript file that it names, in place of a token. */
export function publicConfigStep(): Step {
  return {
    name: 'config',
    applies: ({ options }) => asMapping(options.public) !== undefined,
    plan: async (context) => {
      const { file, token } = wanted(context);
      return { notes: [`config: the public settings take the place of ${token} in ${file}`] };
    },
    prepare: substitute,
  };
}

function wanted({ options }: StepContext): { file: string; token: string } {
  const given = asMapping(options.public);
  return { file: asText(given?.file) ?? '', token: asText(given?.token) ?? usualToken };
}

async function substitute(work: StepWork): Promise<void> {
  const { release, log } = work;
  const { file, token } = wanted(work);
  const at = await insideRelease(release, file, 'config.public.file');
  const [text, settings] = [
    await ifThere(fs.readFile(at, 'utf8')),
    await textOf(path.join(release, publicName)),
  ];
  if (text === undefined) throw refused(`the release has no ${file}, which config.public.file names`);
  if (settings === undefined) {
    throw refused('the app makes no settings public: list them in public-data.yaml among its layers');
  }
  if (!text.includes(token))
    throw refused(`${file} has no ${token}, which the public settings are to replace`);
  // What a page embeds must not end its script; in JSON both mean the same.
  const safe = settings
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  const staged = `${at}.strata-new`;
  await fs.copyFile(at, staged);
  await fs.writeFile(
    staged,
    text.replaceAll(token, () => safe),
  );
  await fs.rename(staged, at);
  log(`put the public settings into ${file}`, 'agent');
}

function refused(message: string): AgentError {
  return new AgentError('refused', message);
}
