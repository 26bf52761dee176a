import path from 'node:path';
import type { StepContext } from '../../deploy/step.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { renderedFiles } from '../rendered.ts';

const templates = 'deploy/templates/supervisord';
/** Where supervisord finds the files of programs. */
export const programFolder = '/etc/supervisor/conf.d';
const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/;

/** The programs that an app is to have, by the names of their files, without those of slots. `refused` for what is no such file. */
export async function programFiles(context: StepContext): Promise<Map<string, string>> {
  const files = await renderedFiles(context, templates, (name) => !isOfSlots(name));
  const wrong = [...files.keys()].filter((name) => !fileName.test(name));
  if (wrong.length === 0) return files;
  throw new AgentError(
    'refused',
    `${templates}/${wrong[0]} is no file of supervisord: name it as in shop.conf`,
  );
}

/** What `NAME@.conf` renders to, of which each slot has its own; `undefined` where the app has none. */
export async function programsOfSlots(context: StepContext, name: string): Promise<string | undefined> {
  const wanted = `${name}@.conf`;
  const files = await renderedFiles(context, templates, (one) => one.replace(/\.template$/, '') === wanted);
  return files.get(wanted);
}

function isOfSlots(name: string): boolean {
  return /@\.conf(\.template)?$/.test(name);
}

/** A file of programs as it is to be on the box. They may hold secrets, for which units have files of their own. */
export function programFile(name: string, content: string): SideFile {
  return { path: path.join(programFolder, name), content, mode: 0o640 };
}
