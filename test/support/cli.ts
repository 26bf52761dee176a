import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** The bundled command. */
export const cliFile: string = path.resolve(import.meta.dirname, '../../dist/cli.js');

if (!fs.existsSync(cliFile)) throw new Error(`${cliFile} is not there: run \`npm run build\` first`);

/** What one run of the command did. */
export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** The working directory. */
  cwd: string;
  env?: Record<string, string>;
  /** A run that takes longer, in milliseconds, hangs. */
  mostMs?: number;
}

/** Runs `strata` as a person would, without a terminal; colours only if `env` asks for them. */
export function strata(args: readonly string[], options: RunOptions): Promise<Run> {
  return run(process.execPath, [cliFile, ...args], options);
}

/** Runs any command and gathers what it prints. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, mostMs = 20_000 }: RunOptions,
  stdin = '',
): Promise<Run> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(command, args, { cwd, env: { ...inherited, ...env }, timeout: mostMs });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  }
  child.stdin.on('error', () => {}).end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}
