import fs from 'node:fs';
import net from 'node:net';
import { Command } from 'commander';
import { loadConfig } from '../config/loadConfig.ts';
import { AgentError } from '../failure.ts';
import { type PlaceOptions, placesFrom, withPlaces } from './places.ts';

/** `strata-agent connect`: what `ssh HOST strata-agent connect` speaks HTTP through. */
export function connectCommand(): Command {
  return withPlaces(
    new Command('connect')
      .summary("pipe standard input and output to the agent's socket")
      .description("Pipes standard input and output to the agent's unix socket: who has ssh needs no token.")
      .option('--socket <file>', "the socket (default: the config's)"),
  ).action(connect);
}

function connect(options: PlaceOptions & { socket?: string }): Promise<void> {
  const file = options.socket ?? socketOf(options);
  const socket = net.connect({ path: file });
  const { stdin, stdout } = process;
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => reject(noAgent(file, error)));
    socket.once('close', () => {
      // Nobody is there any more to hear what may still come.
      stdin.destroy();
      resolve();
    });
    // A server ends what its client ends, answered or not. So the end is left to it: it does not keep idle connections.
    stdin.pipe(socket, { end: false });
    socket.pipe(stdout);
    // A client that is gone (its ssh was cut) takes the connection with it.
    stdout.once('error', () => socket.destroy());
  });
}

function socketOf(options: PlaceOptions): string {
  const places = placesFrom(options);
  const isThere = options.config !== undefined || fs.existsSync(places.config);
  return isThere ? loadConfig(places).listen.socket : places.socket;
}

function noAgent(file: string, error: NodeJS.ErrnoException): AgentError {
  const why =
    error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
      ? 'no agent listens there'
      : error.code === 'EACCES'
        ? 'you may not open it: listen.socketGroup in the config says who may'
        : error.message;
  return new AgentError('unavailable', `${file}: ${why}`, { cause: error });
}
