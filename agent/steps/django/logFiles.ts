import fs from 'node:fs/promises';
import path from 'node:path';
import { asMapping, asText } from '../../config/plain.ts';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';

/** A log file that the app writes to. */
interface LogFile {
  path: string;
  mode: string;
}

const systemLogs = '/var/log/';

/** The log files that the app names: those of `/var/log/`, and others in `ROOT/APP/logs/`. */
function logFilesOf({ root, app, options }: StepContext): LogFile[] {
  const folder = path.join(appPlaces(root, app).folder, 'logs');
  return Object.entries(asMapping(options.logs) ?? {}).map(([name, said]) => ({
    path: name.startsWith(systemLogs) ? name : path.join(folder, name),
    mode: asText(asMapping(said)?.mode) ?? '0640',
  }));
}

/** Those that are not there yet. */
export async function newLogFiles(context: StepContext): Promise<string[]> {
  const found = await Promise.all(
    logFilesOf(context).map(async (one) => ((await ifThere(fs.lstat(one.path))) ? [] : [one.path])),
  );
  return found.flat();
}

/**
 * Makes the app's log files, with their modes; what is in them stays. They are made as the app's user, who may write only where it may: the
 * agent itself makes but the folder that they lie in.
 */
export async function makeLogFiles(work: StepWork): Promise<void> {
  for (const { path: file, mode } of logFilesOf(work)) {
    await makeFolder(work, path.dirname(file));
    const script = 'set -e; umask 027; [ ! -L "$0" ]; : >>"$0"; chmod "$1" "$0"';
    const { code, stderr } = await work.ask(['/bin/sh', '-c', script, file, mode], { asUser: true });
    if (code === 0) continue;
    const why = stderr.trim() || 'it is a link';
    throw new AgentError(
      'refused',
      `django: the log file ${file} cannot be written as the app's user: ${why}`,
    );
  }
}

async function makeFolder({ user, log }: StepWork, folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { mode: 0o750 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  if (user !== undefined && process.getuid?.() === 0) await fs.lchown(folder, user.uid, user.gid);
  log(`made ${folder}`, 'agent');
}
