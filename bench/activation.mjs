// npm run bench:activation: how long VS Code is held up when it activates the extension, as VS Code itself counts it.
//   npm run bench:activation                  eleven starts of the example's window
//   npm run bench:activation -- --quick       three of them: whether everything works
//   npm run bench:activation -- --runs 21     how often it is started
//   npm run bench:activation -- --vsix FILE   another package than dist/strata.vsix
//   npm run bench:activation -- --json FILE   writes the figures into a file, too
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { PlainError, runMain, withProgress } from '../scripts/lib/log.mjs';
import { root, runFolder } from '../scripts/lib/paths.mjs';
import { ensureDebianPackages, ensureDependencies } from '../scripts/setup.mjs';
import { launchBrowser, newPage } from '../scripts/vscode-host/browser.mjs';
import { startHost } from '../scripts/vscode-host/host.mjs';
import { runCommand } from '../scripts/vscode-host/quickInput.mjs';
import { activeContext, openFolder } from '../scripts/vscode-host/workbench.mjs';
import { plainFigure } from './lsp/figures.mjs';
import { reportTable } from './lsp/report.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ load: number, call: number, finish: number }} Times of one extension, in milliseconds */
/** @typedef {{ strata: Times, empty: Times }} Start */

const LIMIT_MS = 100;
const ANSWER_LIMIT_MS = 30_000;

await runMain(async () => {
  const { runs, vsix, json } = readOptions();
  await ensureDependencies();
  await ensureDebianPackages(['chromium', 'fonts-dejavu-core']);
  if (!existsSync(vsix)) throw new PlainError(`${vsix} is not there: run \`npm run package\` first`);
  /** @type {Start[]} */
  const times = [];
  const temporary = runFolder();
  const browser = await launchBrowser();
  try {
    const packages = { vsix, beside: [await emptyExtension(join(temporary.dir, 'empty'))] };
    // One that does not count: the files are in the memory of the system then.
    for (let run = 0; run <= runs; run++) {
      const one = await withProgress(`start ${run} of ${runs}`, () => startOnce(browser, packages));
      if (run > 0) times.push(one);
    }
  } finally {
    await browser.close();
    temporary.remove();
  }
  const figures = figuresOf(times);
  console.log(`\n${reportTable(figures)}\n`);
  const machine = { node: process.versions.node, platform: process.platform, cores: availableParallelism() };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
  return 0;
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      vsix: { type: 'string', default: join(root, 'dist', 'strata.vsix') },
      json: { type: 'string' },
    },
  });
  const { quick, runs = quick ? '3' : '11', vsix, json } = values;
  if (!/^[1-9]\d*$/.test(runs)) throw new PlainError('--runs needs a number above 0.');
  return { runs: Number(runs), vsix: resolve(vsix), json };
}

/** @param {readonly Start[]} times */
function figuresOf(times) {
  const figure = (
    /** @type {string} */ what,
    /** @type {number} */ target,
    /** @type {(one: Times) => number} */ of,
  ) =>
    plainFigure(
      { what, peer: 'an extension that does nothing', target },
      'ms',
      times.map(({ strata, empty }) => ({ strata: of(strata), other: of(empty) })),
    );
  return [
    figure('activation: all of it', LIMIT_MS, ({ load, call, finish }) => load + call + finish),
    figure('activation: code is loaded', Number.POSITIVE_INFINITY, ({ load }) => load),
    figure('activation: `activate` is called', Number.POSITIVE_INFINITY, ({ call }) => call),
    figure('activation: what it promises is there', Number.POSITIVE_INFINITY, ({ finish }) => finish),
  ];
}

/**
 * The package of an extension that is activated by the same event: what is left is VS Code's own, and the machine's.
 * @param {string} cwd
 */
async function emptyExtension(cwd) {
  mkdirSync(cwd);
  const manifest = {
    name: 'empty',
    publisher: 'strata-tests',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    activationEvents: ['workspaceContains:**/strata.{yaml,yml}'],
    main: './main.js',
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(cwd, 'README.md'), 'Does nothing.\n');
  writeFileSync(join(cwd, 'main.js'), 'exports.activate = () => undefined;\n');
  const packagePath = join(cwd, 'empty.vsix');
  await createVSIX({
    cwd,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}

/**
 * A VS Code that knows nothing of the extension yet opens the example.
 * @param {import('playwright-core').Browser} browser
 * @param {{ vsix: string, beside: string[] }} packages
 */
async function startOnce(browser, packages) {
  const host = await startHost(packages);
  try {
    const { page } = await newPage(browser, host);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const workspace = join(host.dir, 'shop');
    cpSync(join(root, 'examples', 'shop'), workspace, { recursive: true });
    await openFolder(page, host, workspace);
    await activeContext(page);
    const times = await activationTimes(page);
    await page.context().close();
    return times;
  } finally {
    await host.stop();
  }
}

/**
 * What VS Code counted, from its own report.
 * @param {Page} page
 * @returns {Promise<Start>}
 */
async function activationTimes(page) {
  const deadline = Date.now() + ANSWER_LIMIT_MS;
  await runCommand(page, 'Developer: Startup Performance');
  const lines = page.locator('.editor-group-container.active .monaco-editor .view-lines');
  await lines.getByText('System Info').first().waitFor();
  for (;;) {
    await lines.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const report = await page.evaluate(() => navigator.clipboard.readText());
    const [strata, empty] = ['strata.strata', 'strata-tests.empty'].map((id) => timesOf(report, id));
    if (strata !== undefined && empty !== undefined) return { strata, empty };
    if (Date.now() > deadline)
      throw new PlainError(`VS Code's report does not name the extensions:\n${report}`);
  }
}

/**
 * @param {string} report
 * @param {string} id of an extension
 * @returns {Times | undefined}
 */
function timesOf(report, id) {
  const rows = report.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const row = rows.find((cells) => cells[1] === id);
  if (row === undefined) return undefined;
  const [load = Number.NaN, call = Number.NaN, finish = Number.NaN] = row.slice(3, 6).map(Number);
  return { load, call, finish };
}
