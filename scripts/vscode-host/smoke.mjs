// The whole way without a person: the packaged extension in a real VS Code, against the terminal command.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withProgress } from '../lib/log.mjs';
import { root } from '../lib/paths.mjs';
import { output } from '../lib/process.mjs';
import { ensureDebianPackages, projectNode } from '../setup.mjs';
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

/**
 * Hovers a setting in the workspace, prints what the hover and `strata explain` say, and tells whether they agree.
 * @param {string} workspace
 * @param {string} vsix
 */
export async function smokeTest(workspace, vsix) {
  await ensureDebianPackages(['chromium', 'fonts-dejavu-core']);
  const { app, text, rows } = await hoverInVsCode(workspace, vsix);
  const setting = SETTING.join('.');
  const args = ['explain', setting, '--app', app, '-C', workspace];
  const explained = await strata(args);
  const { apps } = JSON.parse(await strata([...args, '--json']));
  /** @type {Context[]} */
  const contexts = apps[0].contexts;

  console.log(`\nThe hover over ${setting} in ${FILE} says:\n\n${indent(text)}`);
  console.log(`\nstrata explain ${setting} --app ${app} says:\n\n${indent(explained)}`);
  const missing = contexts.filter((context) => !rows.some((row) => tells(row, context)));
  for (const { label, value, winner } of missing) {
    console.log(
      `\nNot in the hover: ${label}, ${JSON.stringify(value)} from ${winner?.file}:${winner?.line}`,
    );
  }
  const agree = contexts.length > 0 && missing.length === 0;
  console.log(agree ? `\nThey agree in all ${contexts.length} contexts.` : '\nThey do not agree.');
  return agree;
}

/**
 * @param {string} workspace
 * @param {string} vsix
 */
async function hoverInVsCode(workspace, vsix) {
  const host = await withProgress('VS Code starts', () => startHost({ vsix }));
  try {
    const browser = await launchBrowser();
    try {
      const { page } = await newPage(browser, host);
      return await withProgress('the workspace opens, and the setting is hovered', async () => {
        await openFolder(page, host, workspace);
        await openFile(page, FILE);
        const { app } = await activeContext(page);
        const place = placeOfKey(readFileSync(join(workspace, FILE), 'utf8'), SETTING);
        const { text, rows } = await hoverOver(page, place, basename(FILE));
        return { app, text, rows };
      });
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
