import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { ArtifactError } from '../failure.ts';

/** The command `zstd` at work, for a Node that has no zstd of its own. */
export interface ZstdProcess {
  child: ChildProcessWithoutNullStreams;
  /** Fails with what the command says, and with `invalid` where there is no such command. */
  done: Promise<void>;
}

/** Starts the command. */
export function startZstd(args: readonly string[]): ZstdProcess {
  const child = spawn('zstd', args);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-1000);
  });
  // Who writes to a command that has gone is told by `done`, which knows why.
  child.stdin.on('error', () => {});
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(noZstd(error)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`zstd ended with ${code}: ${told.trim()}`)),
    );
  });
  return { child, done };
}

/** Gives the command bytes, and gives what it makes of them. */
export async function runZstd(args: readonly string[], input: Buffer): Promise<Buffer> {
  const { child, done } = startZstd(args);
  child.stdin.end(input);
  const [output] = await Promise.all([buffer(child.stdout), done]);
  return output;
}

function noZstd(cause: NodeJS.ErrnoException): unknown {
  if (cause.code !== 'ENOENT') return cause;
  return new ArtifactError(
    'invalid',
    `Node ${process.versions.node} cannot read or write zstd: run strata with Node 22.15 or newer, or install the command ` +
      '`zstd`, or ask for `compression: gzip`',
    cause,
  );
}
