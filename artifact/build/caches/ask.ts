import { execFile } from 'node:child_process';
import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';

/** What a short command prints; `failed` where it is not there or does not do it. */
export async function ask(
  command: string,
  args: readonly string[],
  { env, signal, cwd }: { env: NodeJS.ProcessEnv; signal: AbortSignal; cwd: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, signal, cwd, timeout: 60_000 }, (error, output) => {
      if (error === null) return resolve(output.trim());
      try {
        checkCancelled(signal);
      } catch (cancelled) {
        return reject(cancelled);
      }
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = missing ? 'is not installed, or it is not on the PATH' : `failed: ${error.message}`;
      reject(new ArtifactError('failed', `${command} ${why}`, error));
    });
  });
}
