// The stages of `npm test`, in their order.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { boxesUnsupported, ensureBoxRoot } from '../boxes/install.mjs';
import { ensureS3Server, s3ServerUnsupported } from '../s3-server/install.mjs';
import { ensureDebianPackages, projectNode, tool, toolEnvironment, whyNotThere } from '../setup.mjs';
import { ensureHost, hostUnsupported } from '../vscode-host/install.mjs';
import { npm } from './npm.mjs';
import { root } from './paths.mjs';
import { exitCode } from './process.mjs';

/** @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', reason?: string }} Outcome */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} needs stages that have to succeed before
 * @property {() => string | undefined} [unsupported] why this machine cannot run it
 * @property {() => Promise<Outcome[]>} run
 */

const CHECK_LIMIT_MS = 5 * 60_000;
const TESTS_LIMIT_MS = 30 * 60_000;

/** @type {Stage[]} */
export const STAGES = [
  { name: 'typecheck', needs: [], run: () => check('typecheck', () => tool('typescript', ['-b'])) },
  {
    name: 'lint',
    needs: [],
    run: () => check('lint', () => tool('@biomejs/biome', ['ci', ...noColour(), '.'])),
  },
  { name: 'knip', needs: [], run: () => check('knip', () => tool('knip', [])) },
  {
    name: 'build',
    needs: [],
    run: () => check('build', () => [projectNode(), [join(root, 'scripts', 'build.mjs')]]),
  },
  { name: 'unit', needs: ['build'], run: testUnits },
  {
    name: 'editors',
    needs: ['build'],
    unsupported: () => whyNotThere(['neovim']),
    run: testEditors,
  },
  {
    name: 'stores',
    needs: ['build'],
    unsupported: s3ServerUnsupported,
    run: testStores,
  },
  { name: 'package', needs: ['build'], run: packageAll },
  { name: 'boxes', needs: ['package'], unsupported: boxesUnsupported, run: testBoxes },
  { name: 'vscode', needs: ['build'], unsupported: noHost, run: setUpVsCode },
  {
    name: 'syntaxes',
    needs: ['vscode'],
    unsupported: noHost,
    run: () => vitest('syntaxes', join('test', 'syntaxes', 'vitest.config.mts')),
  },
  {
    name: 'integration',
    needs: ['build', 'vscode'],
    unsupported: noHost,
    run: () =>
      tests('integration', (result) => [
        projectNode(),
        [join(root, 'test', 'integration', 'runHost.mjs'), '--result', result],
      ]),
  },
  {
    name: 'ui',
    needs: ['package', 'vscode'],
    unsupported: noHost,
    run: () => vitest('ui', join('test', 'ui', 'vitest.config.mts')),
  },
];

function noHost() {
  const reason = hostUnsupported();
  return reason && `${reason}; \`npm run test:desktop\` tests the extension in the desktop VS Code`;
}

/** Biome colours each letter, and does not know NO_COLOR. */
function noColour() {
  return process.env.NO_COLOR ? ['--colors=off'] : [];
}

/**
 * One tool whose success counts as one passed check.
 * @param {string} title
 * @param {() => [string, string[]]} commandLine
 * @returns {Promise<Outcome[]>}
 */
async function check(title, commandLine) {
  const [command, args] = commandLine();
  const code = await exitCode(command, args, { cwd: root, env: toolEnvironment(), limitMs: CHECK_LIMIT_MS });
  return [code === 0 ? { title, state: 'passed' } : { title, state: 'failed', reason: `ended with ${code}` }];
}

/** @returns {Promise<Outcome[]>} */
async function testUnits() {
  // Where it cannot be installed, the tests that compare with it say so and are skipped.
  if (whyNotThere(['python3-jinja2']) === undefined) await ensureDebianPackages(['python3-jinja2']);
  return vitest('unit', 'vitest.config.mts');
}

/** @returns {Promise<Outcome[]>} */
async function testEditors() {
  await ensureDebianPackages(['neovim']);
  return vitest('editors', join('test', 'editors', 'vitest.config.mts'));
}

/** @returns {Promise<Outcome[]>} */
async function testStores() {
  // Unpacked here, where what it takes is shown.
  await ensureS3Server();
  return vitest('stores', join('test', 'stores', 'vitest.config.mts'));
}

/** @returns {Promise<Outcome[]>} */
async function testBoxes() {
  // Made here, where what it takes is shown.
  await ensureBoxRoot('plain');
  await ensureBoxRoot('servers');
  return vitest('boxes', join('test', 'boxes', 'vitest.config.mts'));
}

/** @returns {Promise<Outcome[]>} */
async function packageAll() {
  await npm(root, ['run', 'package']);
  return [{ title: 'package', state: 'passed' }];
}

/** @returns {Promise<Outcome[]>} */
async function setUpVsCode() {
  await ensureDebianPackages(['chromium', 'fonts-dejavu-core']);
  const { dir } = await ensureHost();
  console.log(`VS Code for the tests is in ${dir}.`);
  return [{ title: 'vscode', state: 'passed' }];
}

/**
 * @param {string} name
 * @param {string} config
 */
function vitest(name, config) {
  const reporters = [
    '--reporter=default',
    `--reporter=${join(root, 'scripts', 'lib', 'vitestReporter.mjs')}`,
  ];
  return tests(name, () => tool('vitest', ['run', '--config', join(root, config), ...reporters]));
}

/**
 * A program that runs tests and writes the outcome of each to a file.
 * @param {string} name
 * @param {(result: string) => [string, string[]]} commandLine
 * @returns {Promise<Outcome[]>}
 */
async function tests(name, commandLine) {
  const result = join(root, 'out', 'results', `${name}.json`);
  rmSync(result, { force: true });
  const [command, args] = commandLine(result);
  const env = { ...toolEnvironment(), STRATA_TEST_RESULT: result };
  const code = await exitCode(command, args, { cwd: root, env, limitMs: TESTS_LIMIT_MS });
  /** @type {Outcome[]} */
  const outcomes = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')).tests : [];
  // No failure without a cause to show: the program itself failed then, and that may not pass for success.
  if (outcomes.length === 0) outcomes.push({ title: name, state: 'failed', reason: 'it ran no test' });
  else if (code !== 0 && !outcomes.some(({ state }) => state === 'failed')) {
    outcomes.push({ title: name, state: 'failed', reason: `ended with ${code} although no test failed` });
  }
  return outcomes;
}
