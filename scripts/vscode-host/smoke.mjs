// The whole way without a person: the packaged extension in a real VS Code, against the terminal command.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withProgress } from '../lib/log.mjs';
import { root } from '../lib/paths.mjs';
import { output } from '../lib/process.mjs';
import { ensureDebianPackages, projectNode } from '../setup.mjs';
import { smokeDeploy } from '../smokeDeploy.mjs';
import { launchBrowser, newPage } from './browser.mjs';
import { failureLog, startHost } from './host.mjs';
import { activeContext, hoverOver, openFile, openFolder, placeOfKey } from './workbench.mjs';

const FILE = 'configs/common.yaml';
const SETTING = ['common', 'db', 'host'];
const CLI_LIMIT_MS = 60_000;

/**
 * @typedef {object} Context one of `strata explain --json`
 * @property {string} label
 * @property {boolean} present
 * @property {unknown} [value]
 * @property {{ file: string, line: number } | null} [winner]
 */

/** @typedef {Awaited<ReturnType<typeof import('../exampleBoxes.mjs').exampleWithBoxes>>} Example */
/** @typedef {import('playwright-core').Page} Page */

/**
 * Hovers a setting, then builds, deploys, follows logs and rolls back, all in one VS Code. Says at the end what was verified.
 * @param {Example} example
 * @param {string} vsix
 * @returns {Promise<boolean>} whether all of it is as it should be
 */
export async function smokeTest(example, vsix) {
  await ensureDebianPackages(['chromium', 'fonts-dejavu-core']);
  return await inVsCode(example.workspace, vsix, async (page) => {
    const count = await compareHover(page, example.workspace);
    if (count === 0) return false;
    const isBack = example.missing === undefined ? await smokeDeploy(page, example) : undefined;
    console.log(`\nThe hover and the command agree in all ${count} contexts.`);
    if (isBack === undefined) console.log(`Nothing was deployed: ${example.missing}.`);
    else if (isBack) {
      console.log(
        'In the editor two versions were built and deployed to both boxes, their logs followed to the end,',
      );
      console.log('and the first one was rolled back to: it is live again on both.');
    } else console.log('After the rollback the first version is not live on both boxes.');
    return isBack !== false;
  });
}

/**
 * Prints what the hover over a setting and `strata explain` say, and where they do not agree.
 * @param {Page} page
 * @param {string} workspace
 * @returns {Promise<number>} in how many contexts they agree; 0 where they do not in one
 */
async function compareHover(page, workspace) {
  const { app, text, rows } = await withProgress('a setting is hovered', () => hover(page, workspace));
  const setting = SETTING.join('.');
  const args = ['explain', setting, '--app', app, '-C', workspace];
  const explained = await strata(args);
  const { apps } = JSON.parse(await strata([...args, '--json']));
  /** @type {Context[]} */
  const contexts = apps[0].contexts;

  console.log(`\nThe hover over ${setting} in ${FILE} says:\n\n${indent(text)}`);
  console.log(`\nstrata explain ${setting} --app ${app} says:\n\n${indent(explained)}\n`);
  const missing = contexts.filter((context) => !rows.some((row) => tells(row, context)));
  for (const { label, value, winner } of missing) {
    console.log(`Not in the hover: ${label}, ${JSON.stringify(value)} from ${winner?.file}:${winner?.line}`);
  }
  if (missing.length > 0) console.log('They do not agree.');
  return missing.length > 0 ? 0 : contexts.length;
}

/**
 * @param {Page} page
 * @param {string} workspace
 */
async function hover(page, workspace) {
  await openFile(page, FILE);
  const { app } = await activeContext(page);
  const place = placeOfKey(readFileSync(join(workspace, FILE), 'utf8'), SETTING);
  const { text, rows } = await hoverOver(page, place, basename(FILE));
  await page.keyboard.press('Escape');
  return { app, text, rows };
}

/**
 * @template T
 * @param {string} workspace
 * @param {string} vsix
 * @param {(page: Page) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inVsCode(workspace, vsix, work) {
  // Drawn as text, the lines of a terminal can be read.
  const settings = { 'terminal.integrated.gpuAcceleration': 'off' };
  const host = await withProgress('VS Code starts', () => startHost({ vsix, settings }));
  try {
    const browser = await launchBrowser();
    try {
      const { page } = await newPage(browser, host);
      await withProgress('the workspace opens', () => openFolder(page, host, workspace));
      return await work(page);
    } finally {
      await browser.close();
    }
  } catch (error) {
    console.log(failureLog(host));
    throw error;
  } finally {
    await host.stop();
  }
}

/** @param {string[]} args */
async function strata(args) {
  return await output(projectNode(), [join(root, 'dist', 'cli.js'), ...args], { limitMs: CLI_LIMIT_MS });
}

/**
 * Whether a row of the hover's table tells what holds in a context: its name, the value and the winning place.
 * @param {string} row
 * @param {Context} context
 */
function tells(row, { label, present, value, winner }) {
  if (!row.includes(label)) return false;
  if (!present || !winner) return true;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return row.includes(shown) && row.includes(`${basename(winner.file)}:${winner.line}`);
}

/** @param {string} text */
function indent(text) {
  return text.trim().replaceAll(/^/gm, '  ');
}
