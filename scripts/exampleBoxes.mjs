// A copy of the example workspace, as a git repository of its own, with two boxes behind it: agents of this machine.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { output, startChild } from './lib/process.mjs';
import { findCommand, projectNode } from './setup.mjs';

const MADE =
  /(^|\/)(\.strata|virtualenv|node_modules|reports|build|static|__pycache__|configuration(_public)?\.json)$/;
const BOXES = ['qa1', 'qa2'];
const ENVIRONMENT = 'qa';
const START_LIMIT_MS = 30_000;

/**
 * Copies the example into a folder and, where agents can run on this machine, starts one for each box that the copy's manifest names.
 * They end with this process, however that ends.
 * @param {string} dir
 */
export async function exampleWithBoxes(dir) {
  const workspace = join(dir, 'shop');
  cpSync(join(root, 'examples', 'shop'), workspace, { recursive: true, filter: (file) => !MADE.test(file) });
  const missing = whyNoAgents();
  const agents =
    missing === undefined ? await Promise.all(BOXES.map((name) => startAgent(dir, workspace, name))) : [];
  nameBoxes(workspace, agents);
  await commit(workspace);
  return {
    workspace,
    environment: ENVIRONMENT,
    boxes: agents.map(({ name }) => name),
    missing,
    stop: async () => void (await Promise.all(agents.map(({ child }) => child.stop()))),
  };
}

function whyNoAgents() {
  if (process.platform !== 'linux') return 'agents run on Linux';
  return findCommand(['flock']) ? undefined : 'agents need the command flock (util-linux)';
}

/**
 * @param {string} dir
 * @param {string} workspace
 * @param {string} name
 */
async function startAgent(dir, workspace, name) {
  const folder = join(dir, name);
  mkdirSync(join(folder, '.strata'), { recursive: true });
  const config = {
    environment: ENVIRONMENT,
    repository: { store: join(workspace, '.strata', 'artifacts'), trust: { unsigned: ['*'] } },
    configs: { folder: workspace, folders: ['configs'] },
  };
  writeFileSync(join(folder, '.strata', 'agent.yaml'), JSON.stringify(config));
  const agent = join(root, 'dist', 'agent.js');
  let told = '';
  /** @type {(() => void) | undefined} */
  let heard;
  const child = startChild(projectNode(), [agent, 'run', '--root', folder], {
    onOutput: (text) => {
      told += text;
      if (told.includes('listening on unix:')) heard?.();
    },
  });
  /** @type {Promise<boolean>} */
  const listens = new Promise((resolve) => {
    heard = () => resolve(true);
    setTimeout(() => resolve(false), START_LIMIT_MS).unref();
    void child.exited.then(() => resolve(false));
  });
  if (!(await listens)) throw new PlainError(`The agent of ${name} did not start: ${told.trim()}`);
  return { name, child, url: `unix:${join(folder, '.strata', 'agent.sock')}` };
}

/**
 * @param {string} workspace
 * @param {{ name: string, url: string }[]} agents
 */
function nameBoxes(workspace, agents) {
  const file = join(workspace, 'strata.yaml');
  const entries = agents.map(
    ({ name, url }) => `  ${name}:\n    url: ${url}\n    environment: ${ENVIRONMENT}\n`,
  );
  // The schema that the first line names is not beside the copy.
  const text = readFileSync(file, 'utf8').replace(/^# yaml-language-server:.*\n/, '');
  writeFileSync(file, entries.length === 0 ? text : `${text}boxes:\n${entries.join('')}`);
}

/** @param {string} workspace */
async function commit(workspace) {
  const who = [
    '-c',
    'user.name=Strata',
    '-c',
    'user.email=example@strata.invalid',
    '-c',
    'commit.gpgSign=false',
  ];
  await output('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  await output('git', ['add', '--all'], { cwd: workspace });
  await output('git', [...who, 'commit', '--quiet', '--message', 'The Paper Shop'], { cwd: workspace });
}
