// The browser that shows the workbench in tests.
import { chromium } from 'playwright-core';
import { chromiumPath } from '../setup.mjs';

const ACTION_LIMIT_MS = 30_000;

/** Starts headless Chromium. It ends with this process. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    timeout: 60_000,
    args: [
      // The pages are our own, and containers often cannot have the sandbox.
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/**
 * Opens a page for the workbench of a host. `outside` fills with the requests that go to another machine.
 * @param {import('playwright-core').Browser} browser
 * @param {import('./host.mjs').Host} host
 * @param {{ scale?: number }} [options] scale: pixels per point in screenshots
 */
export async function newPage(browser, host, { scale = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: scale,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(ACTION_LIMIT_MS);
  return { page, outside: outsideRequests(page, host) };
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./host.mjs').Host} host
 */
function outsideRequests(page, host) {
  /** @type {string[]} */
  const found = [];
  const note = (/** @type {string} */ url) => {
    const { protocol, host: to } = new URL(url);
    // Names of the files of pages in the editor, which a service worker of the workbench answers.
    if (to.endsWith('.vscode-resource.vscode-cdn.net')) return;
    if (!['data:', 'blob:', 'about:'].includes(protocol) && to !== host.authority) found.push(url);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  return found;
}
