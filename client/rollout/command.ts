import { spawn } from 'node:child_process';

/** What a run of the bundled command printed. */
export interface CommandRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** More than this is no answer. */
const mostBytes = 64 * 1024 * 1024;

/** Runs the bundled `strata` on VS Code's own Node. Throws where it cannot be started, and the signal's reason. */
export function runStrata(
  file: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<CommandRun> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' };
  const child = spawn(process.execPath, [file, ...args], {
    cwd,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (output[name].length > mostBytes) child.kill();
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}
