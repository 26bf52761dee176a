// A folder without layers: the extension stays out of the way there.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { launchBrowser, newPage } from '../../scripts/vscode-host/browser.mjs';
import { failureLog, type Host, startHost } from '../../scripts/vscode-host/host.mjs';
import { openFile, openFolder } from '../../scripts/vscode-host/workbench.mjs';

const files = {
  'README.md': '# No layers here\n',
  '.vscode/settings.json': '{ "editor.rulers": [100] }\n',
  '.github/workflows/ci.yml': 'on: push\n',
  'docker-compose.yaml': 'services: {}\n',
  'locales/common.json': '{}\n',
  'deploy/production.yaml': 'replicas: 2\n',
};

const layer = { 'apps/shop/deploy/configuration/shop-default.yaml': 'shop:\n  limit: 3\n' };

describe('a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-none-'));
  let host: Host;
  let browser: Browser;

  beforeAll(async () => {
    const vsix = process.env.STRATA_VSIX || join(root, 'dist', 'strata.vsix');
    host = await startHost({ vsix, beside: [await witness(join(folder, 'witness'))] });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(failureLog(host));
  });

  /** Opens a folder with these files; what is active when VS Code says that it has started, and again when a file was opened. */
  async function activeIn(name: string, all: Record<string, string>, shown: string): Promise<string[]> {
    const workspace = join(folder, name);
    for (const [file, text] of Object.entries(all)) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), text);
    }
    const { page } = await newPage(browser, host);
    await openFolder(page, host, workspace);
    const told = async (what: string) => {
      const item = page.locator('.statusbar-item', { hasText: `witness: ${what}` });
      await item.waitFor({ timeout: 60_000 });
      return (await item.textContent())?.trim() ?? '';
    };
    const states = [await told('started')];
    await openFile(page, shown);
    states.push(await told(`shows ${shown.split('/').at(-1)}`));
    await page.context().close();
    return states;
  }

  it('without layers starts nothing, whatever YAML is opened in it', async () => {
    const states = await activeIn('none', files, 'docker-compose.yaml');
    expect(states).toEqual([
      'witness: started, Strata is not active',
      'witness: shows docker-compose.yaml, Strata is not active',
    ]);
  });

  it('with a layer starts it', async () => {
    const [started] = await activeIn('some', { ...files, ...layer }, 'README.md');
    expect(started).toBe('witness: started, Strata is active');
  });
});

/** The package of an extension that tells in the status bar when VS Code has started, and which file is shown. */
async function witness(cwd: string): Promise<string> {
  mkdirSync(cwd);
  const manifest = {
    name: 'witness',
    publisher: 'strata-tests',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
    // Comes behind all extensions that are to be there from the start.
    activationEvents: ['onStartupFinished'],
    main: './main.js',
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(cwd, 'README.md'), 'Tells what is active.\n');
  writeFileSync(join(cwd, 'main.js'), readFileSync(join(import.meta.dirname, 'witness.cjs')));
  const packagePath = join(cwd, 'witness.vsix');
  await createVSIX({
    cwd,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}
