// Running npm from a script that npm itself may have started.
import { basename, delimiter, join } from 'node:path';
import { PlainError } from './log.mjs';
import { exitCode, output } from './process.mjs';

/**
 * The command that runs npm on the given Node; without one, on the Node that npm itself was started with.
 * That must not be the one in node_modules, since `npm ci` deletes that folder under it.
 * @param {string} [node]
 */
function npmCommand(node = process.env.npm_node_execpath ?? '') {
  const script = process.env.npm_execpath ?? '';
  if (node && basename(script) === 'npm-cli.js') return [node, script];
  return process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
}

/** PATH without the folders that `npm run` puts in front. */
function plainPath() {
  const parts = (process.env.PATH ?? '').split(delimiter);
  return parts.filter((part) => !part.endsWith(join('node_modules', '.bin'))).join(delimiter);
}

/**
 * Runs npm in a folder, showing its output.
 * @param {string} cwd
 * @param {string[]} args
 */
export async function npm(cwd, args) {
  const [command = 'npm', ...first] = npmCommand();
  const code = await exitCode(command, [...first, ...args], { cwd, env: { PATH: plainPath() } });
  if (code !== 0) throw new PlainError(`npm ${args.join(' ')} ended with ${code}: see its messages above.`);
}

/**
 * Runs npm on a certain Node, quietly, and gives its output. That Node is also the one npm compiles for.
 * @param {string} nodeFolder the folder that holds bin/node
 * @param {string} cwd
 * @param {string[]} args
 * @param {number} limitMs
 */
export async function npmOn(nodeFolder, cwd, args, limitMs) {
  const [command = 'npm', ...first] = npmCommand(join(nodeFolder, 'bin', 'node'));
  const PATH = [join(nodeFolder, 'bin'), plainPath()].join(delimiter);
  // --prefix: npm would otherwise take the project's folder from its own run around us.
  // JOBS: compile on all cores.
  return await output(command, [...first, ...args, '--prefix', cwd], {
    cwd,
    env: { PATH, JOBS: 'max' },
    limitMs,
  });
}
