// What a person does in the workbench, with mouse and keyboard.
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { again, TRY_MS } from './again.mjs';
import { workbenchUrl } from './host.mjs';
import { goTo } from './quickInput.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ line: number, column: number }} Place both counted from 1 */

const STARTUP_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 30_000;

/**
 * Opens a folder, and waits until its files are shown.
 * @param {Page} page
 * @param {import('./host.mjs').Host} host
 * @param {string} folder
 */
export async function openFolder(page, host, folder) {
  await page.goto(workbenchUrl(host, folder));
  await page
    .locator('.explorer-folders-view .monaco-list-row')
    .first()
    .waitFor({ timeout: STARTUP_LIMIT_MS });
}

/**
 * Opens a file from the explorer, unfolding the folders on its way.
 * @param {Page} page
 * @param {string} path relative to the open folder
 */
export async function openFile(page, path) {
  const parts = path.split('/');
  for (const [index, name] of parts.entries()) {
    const row = page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${index + 1}"]`).filter({
      has: page.getByText(name, { exact: true }),
    });
    if (index === parts.length - 1) await row.dblclick();
    else if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
  }
  await page.locator('.tab.active', { hasText: parts.at(-1) ?? '' }).waitFor();
  await page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
}

/**
 * Where a key stands in a YAML text.
 * @param {string} text
 * @param {string[]} path the keys that lead to it
 * @returns {Place}
 */
export function placeOfKey(text, path) {
  const lines = new LineCounter();
  /** @type {unknown} */
  let node = parseDocument(text, { lineCounter: lines }).contents;
  let offset = -1;
  for (const key of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    if (!isScalar(pair?.key)) throw new Error(`there is no ${path.join('.')}`);
    offset = pair.key.range?.[0] ?? -1;
    node = pair.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/**
 * Scrolls a place of the active editor into view, and gives the point on the screen where its character is.
 * @param {Page} page
 * @param {Place} place
 */
export async function pointOf(page, place) {
  await goTo(page, place);
  return shownAt(page, place);
}

/**
 * The point on the screen where a place that is in view has its character now.
 * @param {Page} page
 * @param {Place} place
 */
async function shownAt(page, place) {
  const handle = await page.waitForFunction(findPoint, place);
  return /** @type {{ x: number, y: number }} */ (await handle.jsonValue());
}

/**
 * Runs in the page. The lines and their numbers are apart in the document, and have only their height in common.
 * @param {Place} place
 */
function findPoint({ line, column }) {
  const editor = document.querySelector('.editor-group-container.active .monaco-editor');
  const numbers = [...(editor?.querySelectorAll('.line-numbers') ?? [])];
  const top = numbers.find((it) => it.textContent?.trim() === String(line))?.getBoundingClientRect().top;
  const row = [...(editor?.querySelectorAll('.view-line') ?? [])].find(
    (it) => it.getBoundingClientRect().top === top,
  );
  if (!row) return undefined;
  const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let left = column - 1;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const length = text.textContent?.length ?? 0;
    if (left < length) {
      const range = document.createRange();
      range.setStart(text, left);
      range.setEnd(text, left + 1);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    left -= length;
  }
  return undefined;
}

/**
 * Points at a place of the active editor until a hover shows that holds a text: the extension may still be
 * starting, and the hover that is shown meanwhile says less. Gives the hover's text and its tables' rows.
 * @param {Page} page
 * @param {Place} place
 * @param {string} expected
 */
export async function hoverOver(page, place, expected) {
  let point = await pointOf(page, place);
  const hover = page.locator('.monaco-resizable-hover:visible, .monaco-editor .monaco-hover:visible');
  const answer = hover.filter({ hasText: expected }).first();
  const deadline = Date.now() + ANSWER_LIMIT_MS;
  for (;;) {
    await page.mouse.move(point.x, point.y);
    if (await appears(answer, TRY_MS)) break;
    if (Date.now() > deadline) {
      throw new Error(`no hover with ${JSON.stringify(expected)}; it says: ${await hover.allInnerTexts()}`);
    }
    await page.mouse.move(point.x + 400, point.y + 200);
    // Code lenses that came meanwhile have moved the lines.
    point = await shownAt(page, place);
  }
  return {
    text: (await answer.allInnerTexts()).join('\n'),
    rows: await answer.locator('tr').allInnerTexts(),
    widget: answer,
  };
}

/**
 * @param {import('playwright-core').Locator} locator
 * @param {number} limitMs
 */
function appears(locator, limitMs) {
  return locator.waitFor({ timeout: limitMs }).then(
    () => true,
    () => false,
  );
}

/**
 * Opens the menu of something and takes an entry: a menu goes when what it belongs to is drawn anew, and takes no click in its first moment.
 * @param {Page} page
 * @param {import('playwright-core').Locator} of
 * @param {string} entry
 */
export async function takeFromMenu(page, of, entry) {
  const item = page.getByRole('menuitem', { name: entry });
  await again(
    async () => {
      await of.click({ button: 'right' });
      await item.hover({ timeout: TRY_MS });
      await page.keyboard.press('Enter');
      await item.waitFor({ state: 'detached', timeout: TRY_MS });
    },
    () => page.keyboard.press('Escape'),
  );
}

/**
 * The status bar item that shows the active app and environment.
 * @param {Page} page
 */
export function contextItem(page) {
  return page.locator('.statusbar-item[id^="strata.strata"]').first();
}

/**
 * What the status bar says is active, once the extension has started: `storefront · qa`, say.
 * @param {Page} page
 */
export async function activeContext(page) {
  const item = contextItem(page).filter({ hasText: ' · ' });
  const text = ((await item.textContent()) ?? '').trim();
  const [app = ''] = text.split(' · ');
  return { app, text };
}
