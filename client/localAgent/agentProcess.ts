import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startTool } from '../node/tool.ts';
import { type AgentPurpose, agentConfig } from './config.ts';
import { socketPath } from './socketPath.ts';

/** An agent of this machine. */
export interface AgentProcess {
  /** Where it is asked: `unix:/PATH`. */
  url: string;
  /** How it ended: its exit code, and what it said last. */
  ended: Promise<{ code: number | null; lastLine: string }>;
  /** As SIGTERM: comes back when it has ended, which it does when what runs can be taken up again. */
  stop(): Promise<void>;
}

/** How long an agent may take until it listens, and how long one that is ending has the folder, in milliseconds. */
const startLimitMs = 20_000;
const againMs = 200;

/** Where an agent's bundle is, and its folder, which keeps all of it from one start to the next. */
export interface AgentPlace {
  bundle: string;
  folder: string;
}

/**
 * Starts an agent; comes back when it listens. It ends with this process, however that ends. One before it that is still ending is waited
 * for. Throws with what the agent said where it does not start, and with the reason of `signal` once that one has ended which was starting.
 */
export async function startAgentProcess(
  place: AgentPlace,
  purpose: AgentPurpose,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<AgentProcess> {
  const socket = writeConfig(place.folder, purpose);
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    signal.throwIfAborted();
    const child = startOnce(place, log);
    const giveUp = () => void child.stop();
    signal.addEventListener('abort', giveUp);
    const listens = await child.listens;
    signal.removeEventListener('abort', giveUp);
    if (listens && !signal.aborted) return { url: urlOf(socket), ended: child.ended, stop: child.stop };
    const { lastLine, code } = await child.ended;
    signal.throwIfAborted();
    const why = lastLine || `it ended with ${code ?? 'a signal'}`;
    if (!why.includes('another agent') || Date.now() > deadline) throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** The address of a socket; a space in its path is none of an address. */
function urlOf(socket: string): string {
  return `unix:${pathToFileURL(socket).pathname}`;
}

/** The config is made anew each time, since the workspace may say something else by now. */
function writeConfig(folder: string, purpose: AgentPurpose): string {
  const state = path.join(folder, '.strata');
  fs.mkdirSync(state, { recursive: true, mode: 0o700 });
  const socket = socketPath(folder);
  fs.writeFileSync(path.join(state, 'agent.yaml'), agentConfig(purpose, socket), { mode: 0o600 });
  return socket;
}

function startOnce({ bundle, folder }: AgentPlace, log: (line: string) => void) {
  // It ends when this end of its standard input is closed: with this process, if not before.
  const child = startTool({ file: bundle, args: ['run', '--root', folder, '--attached'], cwd: folder });
  let lastLine = '';
  const take = (line: string) => {
    lastLine = line;
    log(line);
  };
  child.stdin.on('error', () => undefined);
  eachLine(child.stderr, take);
  const listens = new Promise<boolean>((resolve) => {
    eachLine(child.stdout, (line) => {
      take(line);
      if (line.startsWith('listening on unix:')) resolve(true);
    });
    child.on('error', (error) => take(error.message));
    child.on('close', () => resolve(false));
  });
  const ended = new Promise<{ code: number | null; lastLine: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, lastLine }));
  });
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return { listens, ended, stop };
}

function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}
