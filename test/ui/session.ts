// A VS Code with the packaged extension and a copy of the example workspace, in a browser.
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.mjs';
import { launchBrowser, newPage } from '../../scripts/vscode-host/browser.mjs';
import { type Host, startHost } from '../../scripts/vscode-host/host.mjs';
import { openFolder, type Place, placeOfKey } from '../../scripts/vscode-host/workbench.mjs';

const forReadme = process.env.UPDATE_SCREENSHOTS === '1';

/** A part of the page, in points. */
interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a test file works with; `close` ends all of it. */
export interface Session {
  host: Host;
  page: Page;
  /** The requests that went to other machines. */
  outside: string[];
  /** Where a key of a file of the workspace stands. */
  place(file: string, ...path: string[]): Place;
  /** Takes a picture of all, into out/. */
  screenshot(name: string): Promise<void>;
  /** Takes a picture of a part for the documentation: into media/ when asked to, else into out/. */
  picture(name: string, part: Part): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts VS Code with the package (STRATA_VSIX names another one) and opens the workspace.
 * @param options restricted: nobody trusts it; beside: the packages of other extensions; settings: of the user; open: opens something
 * else, given the folder of the run.
 */
export async function startSession({
  open = openShop,
  ...options
}: {
  restricted?: boolean;
  beside?: string[];
  settings?: Record<string, unknown>;
  open?: (page: Page, host: Host) => Promise<void>;
} = {}): Promise<Session> {
  const vsix = process.env.STRATA_VSIX || join(root, 'dist', 'strata.vsix');
  const host = await startHost({ vsix, ...options });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await host.stop();
  };
  try {
    const workspace = join(host.dir, 'shop');
    browser = await launchBrowser();
    const { page, outside } = await newPage(browser, host, { scale: forReadme ? 1.5 : 1 });
    await open(page, host);
    return {
      host,
      page,
      outside,
      place: (file, ...path) => placeOfKey(readFileSync(join(workspace, file), 'utf8'), path),
      screenshot: (name) => screenshot(page, 'out', name),
      picture: (name, part) => screenshot(page, forReadme ? 'media' : 'out', name, part),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openShop(page: Page, host: Host): Promise<void> {
  const workspace = join(host.dir, 'shop');
  cpSync(process.env.STRATA_WORKSPACE || join(root, 'examples', 'shop'), workspace, { recursive: true });
  await openFolder(page, host, workspace);
}

async function screenshot(page: Page, folder: 'media' | 'out', name: string, clip?: Part): Promise<void> {
  const path = join(root, folder, 'screenshots', `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, ...(clip && { clip }) });
}
