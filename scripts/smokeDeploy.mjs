// From a commit to two boxes and back, by the commands of the editor: what `npm start -- --smoke` does behind the hover.
import { join } from 'node:path';
import { withProgress } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { output } from './lib/process.mjs';
import { projectNode } from './setup.mjs';
import { again } from './vscode-host/again.mjs';
import { accept, acceptDialog, choose, command, takeFirst } from './vscode-host/keyboard.mjs';

/** @typedef {import('playwright-core').Page} Page */

const LIMIT_MS = 60_000;
// An offer that is just being shown may take no answer yet.
const OFFER_MS = 8000;
const APP = 'api';

/**
 * Builds an app twice, deploys both to all boxes, shows what the agents told, and rolls back, with the keyboard alone. Tells whether the
 * first version is live again everywhere, by what the terminal command says of the boxes; throws where something does not come.
 * @param {Page} page of a VS Code that has the workspace open
 * @param {{ workspace: string, environment: string, boxes: string[] }} example
 */
export async function smokeDeploy(page, { workspace, environment, boxes }) {
  /** @type {string[]} */
  const versions = [];
  for (const turn of ['first', 'second']) {
    const version = await withProgress(`${APP} is built for the ${turn} time`, () => build(page));
    versions.push(version);
    await withProgress(`${APP} ${version} is deployed to ${boxes.join(' and ')}`, () =>
      deploy(page, { environment, version, boxes }),
    );
  }
  const [first = ''] = versions;
  const told = await withProgress('the logs are followed', () => tail(page, boxes));
  console.log(`\nThe end of what the agents told of it:\n\n${told}\n`);
  await withProgress(`${APP} is rolled back`, () => rollBack(page, { environment, version: first, boxes }));
  const status = await strata(['status', '-e', environment], workspace);
  console.log(`\nstrata status says:\n\n${status}`);
  return boxes.every((box) => new RegExp(`\\b${box}\\s+${APP}\\s+${first}\\s`).test(status));
}

/**
 * @param {Page} page
 * @returns {Promise<string>} its version
 */
async function build(page) {
  await command(page, 'Notifications: Clear All Notifications');
  await command(page, 'Strata: Build…');
  await choose(page, APP);
  const toast = page.locator('.notification-toast', { hasText: 'is built' });
  await toast.waitFor({ timeout: LIMIT_MS });
  const text = (await toast.allInnerTexts()).join();
  const [, version = ''] = new RegExp(`${APP} (\\S+) is built`).exec(text) ?? [];
  return version;
}

/** @typedef {{ environment: string, version: string, boxes: string[] }} Wish */

/**
 * From the offer of the build to the end of the deployment.
 * @param {Page} page
 * @param {Wish} wish
 */
async function deploy(page, { environment, version, boxes }) {
  await again(async () => {
    await command(page, 'Notifications: Accept Notification Primary Action');
    await page.locator('.quick-input-title', { hasText: '1/2' }).first().waitFor({ timeout: OFFER_MS });
  });
  for (const step of ['1/2', '2/2']) await takeFirst(page, step);
  await confirm(page, `Deploy to ${boxes.length} boxes`);
  await ended(page, `Deploy ${APP} ${version} to ${environment}`);
}

/**
 * @param {Page} page
 * @param {Wish} wish
 */
async function rollBack(page, { environment, version, boxes }) {
  await command(page, 'Strata: Roll Back…');
  for (const step of ['1/4', '2/4', '3/4', '4/4']) await takeFirst(page, step);
  await confirm(page, `Roll back ${boxes.length} boxes`);
  await ended(page, `Roll ${APP} back to ${version} in ${environment}`);
}

/**
 * The plans are there: goes on, and says yes.
 * @param {Page} page
 * @param {string} offer
 */
async function confirm(page, offer) {
  await page.locator('.quick-input-list .monaco-list-row', { hasText: offer }).first().waitFor();
  await accept(page);
  await acceptDialog(page);
}

/**
 * @param {Page} page
 * @param {string} name of a deployment, as its panel says it
 */
async function ended(page, name) {
  const panel = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  await panel.getByRole('heading', { name }).waitFor();
  await panel.locator('.summary.done').waitFor({ timeout: LIMIT_MS });
}

/**
 * @param {Page} page
 * @param {string[]} boxes
 */
async function tail(page, boxes) {
  await command(page, 'Strata: Tail Deploy Logs…');
  await takeFirst(page, '1/3');
  await page.locator('.quick-input-title', { hasText: '2/3' }).first().waitFor();
  await choose(page, APP);
  await page.locator('.quick-input-title', { hasText: '3/3' }).first().waitFor();
  await choose(page, 'The last ones');
  const rows = page.locator('.terminal-wrapper.active .xterm-rows > div');
  // Boxes are deployed to in turn: what the last one says stands at the end, and the others may be out of sight by then.
  const last = rows.filter({ hasText: boxes.at(-1) ?? '' }).filter({ hasText: 'end: done' });
  await last.first().waitFor();
  const lines = await rows.allTextContents();
  return lines.join('\n').trimEnd();
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
async function strata(args, cwd) {
  return await output(projectNode(), [join(root, 'dist', 'cli.js'), ...args], { cwd, limitMs: LIMIT_MS });
}
