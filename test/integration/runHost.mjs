// Runs the suite in the VS Code host, shown by headless Chromium.
//   node test/integration/runHost.mjs [--extension DIR | --vsix FILE] [--workspace DIR] [--result FILE] [--only NAME] [--grep TEXT] [--verbose]
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, withProgress } from '../../scripts/lib/log.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { ensureDebianPackages } from '../../scripts/setup.mjs';
import { launchBrowser, newPage } from '../../scripts/vscode-host/browser.mjs';
import { failureLog, remoteUri, startHost, workbenchUrl } from '../../scripts/vscode-host/host.mjs';
import { buildSuite } from './build.mjs';
import { showResult } from './result.mjs';

const LIMIT_MS = 240_000;

const { values: options } = parseArgs({
  options: {
    extension: { type: 'string', default: root },
    vsix: { type: 'string' },
    workspace: { type: 'string', default: join(root, 'examples', 'shop') },
    result: { type: 'string', default: join(root, 'out', 'results', 'integration.json') },
    only: { type: 'string' },
    grep: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

await runMain(async () => {
  await ensureDebianPackages(['chromium', 'fonts-dejavu-core']);
  const entry = await buildSuite(options.only);
  const result = resolve(options.result);
  mkdirSync(dirname(result), { recursive: true });
  rmSync(result, { force: true });
  const { exitCode, outside } = await runInHost(entry, result);
  const passed = showResult(result, exitCode);
  for (const url of outside) console.log(`  a request to another machine: ${url}`);
  return passed && outside.length === 0 ? 0 : 1;
});

/**
 * @param {string} entry
 * @param {string} result
 */
async function runInHost(entry, result) {
  // Tests check that it is this copy of the extension they meet.
  const env = (/** @type {string} */ extensionsDir) => ({
    STRATA_TEST_RESULT: result,
    STRATA_TEST_GREP: options.grep ?? '',
    STRATA_EXTENSION_UNDER_TEST: options.vsix ? extensionsDir : resolve(options.extension),
  });
  const host = await withProgress('VS Code starts', () =>
    startHost({ ...(options.vsix && { vsix: options.vsix }), extensionTests: true, env }),
  );
  try {
    const workspace = join(host.dir, 'workspace');
    cpSync(options.workspace, workspace, { recursive: true });
    const extension = options.vsix ? emptyExtension(join(host.dir, 'empty')) : resolve(options.extension);
    const browser = await launchBrowser();
    try {
      return await withProgress('the suite runs', () =>
        runInBrowser(browser, host, workspace, extension, entry),
      );
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

/**
 * VS Code runs tests for an extension under development only: this one stands in, and the extension that the
 * tests meet is the installed package.
 * @param {string} dir
 */
function emptyExtension(dir) {
  mkdirSync(dir);
  const manifest = {
    name: 'empty',
    publisher: 'strata-tests',
    version: '0.0.1',
    engines: { vscode: '^1.100.0' },
  };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
  return dir;
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('../../scripts/vscode-host/host.mjs').Host} host
 * @param {string} workspace
 * @param {string} extension
 * @param {string} entry
 */
async function runInBrowser(browser, host, workspace, extension, entry) {
  const { page, outside } = await newPage(browser, host);
  /** @type {string[]} */
  const log = [];
  /** @type {Promise<number>} */
  const exited = new Promise((resolve, reject) => {
    page.on('crash', () => reject(new Error('the page of the workbench crashed')));
    setTimeout(() => reject(new Error(`no result within ${LIMIT_MS / 1000} s\n${log.join('\n')}`)), LIMIT_MS);
    // The workbench calls these two where they exist.
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page
      .exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
        const line = `[${type}] ${args.map((it) => (typeof it === 'string' ? it : JSON.stringify(it))).join(' ')}`;
        log.push(line);
        if (options.verbose) console.log(line);
      })
      .catch(reject);
  });
  const payload = /** @type {[string, string][]} */ ([
    ['extensionDevelopmentPath', remoteUri(host, extension)],
    ['extensionTestsPath', remoteUri(host, entry)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ]);
  await page.goto(workbenchUrl(host, workspace, payload));
  return { exitCode: await exited, outside };
}
