import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type Run, type RunOptions, run } from '../../support/cli.ts';

/** The bundled agent. */
export const agentFile: string = path.resolve(import.meta.dirname, '../../../dist/agent.js');

if (!fs.existsSync(agentFile)) throw new Error(`${agentFile} is not there: run \`npm run build\` first`);

/** Runs `strata-agent` as a person would. */
export function strataAgent(args: readonly string[], options: RunOptions, stdin = ''): Promise<Run> {
  return run(process.execPath, [agentFile, ...args], options, stdin);
}

/** An agent that runs. */
export interface RunningAgent {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Waits until a text was printed to standard error. */
  says(text: string): Promise<void>;
  /** Its exit code, when it has ended. */
  ended: Promise<number | null>;
}

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts `strata-agent run`, and waits until it listens on its socket. */
export async function runAgent(root: string, ...options: string[]): Promise<RunningAgent> {
  const child = spawn(process.execPath, [agentFile, 'run', '--root', root, ...options], { stdio: 'pipe' });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const until = async (isSaid: () => boolean, stream: 'stdout' | 'stderr') => {
    while (!isSaid()) {
      const isOver = await Promise.race([
        once(child[stream], 'data').then(() => false),
        ended.then(() => true),
      ]);
      if (isOver && !isSaid()) throw new Error(`the agent ended: ${output.stdout}${output.stderr}`);
    }
  };
  await until(() => output.stdout.includes('listening on unix:'), 'stdout');
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    says: (text) => until(() => output.stderr.includes(text), 'stderr'),
    ended,
  };
}
