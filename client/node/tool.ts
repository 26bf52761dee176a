import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** A command of this extension's package. */
export interface ToolCall {
  /** The bundle. */
  file: string;
  args: readonly string[];
  cwd: string;
  env?: Readonly<Record<string, string>>;
}

/** What a command printed, and its exit code; none where a signal ended it. */
export interface ToolAnswer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a command on the Node that this process runs on: VS Code's own, or the plain one of a server. */
export function startTool({ file, args, cwd, env }: ToolCall): ChildProcessWithoutNullStreams {
  // A desktop VS Code is an Electron, which is a Node only where it is asked to be.
  const its = { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...env };
  return spawn(process.execPath, [file, ...args], { cwd, env: its, stdio: 'pipe' });
}

/** Runs a command to its end; throws where it cannot be started. */
export async function runTool(call: ToolCall, signal?: AbortSignal): Promise<ToolAnswer> {
  const child = startTool(call);
  child.stdin.end();
  const stop = () => child.kill('SIGINT');
  signal?.addEventListener('abort', stop, { once: true });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
