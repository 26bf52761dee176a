// The command palette, and what else asks in its place.
import { again, TRY_MS } from './again.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * The line in which a question is answered.
 * @param {Page} page
 */
export const line = (page) => page.locator('.quick-input-widget input.input:visible').first();

/**
 * What a question offers.
 * @param {Page} page
 */
export const rows = (page) => page.locator('.quick-input-list .monaco-list-row');

/**
 * Runs a command from the command palette.
 * @param {Page} page
 * @param {string} title
 */
export async function runCommand(page, title) {
  await again(
    async () => {
      await page.keyboard.press('F1');
      await line(page).fill(`>${title}`, { timeout: TRY_MS });
      await pick(page, title, TRY_MS);
    },
    // One that was opened too early does not learn of commands that come meanwhile.
    () => close(page),
  );
}

/**
 * Opens the command palette: a key that is pressed while another question goes away opens nothing.
 * @param {Page} page
 */
export async function openPalette(page) {
  await again(async () => {
    await page.keyboard.press('F1');
    await line(page).fill('>', { timeout: TRY_MS });
  });
}

/**
 * Leaves the question that is open: where none is, something else that has the focus, such as a walkthrough, would take the key.
 * @param {Page} page
 */
export async function close(page) {
  if (await page.locator('.quick-input-widget').isVisible()) await page.keyboard.press('Escape');
}

/**
 * Goes to a place of the active editor.
 * @param {Page} page
 * @param {{ line: number, column: number }} place both counted from 1
 */
export async function goTo(page, place) {
  const there = page.locator('.statusbar-item', { hasText: `Ln ${place.line}, Col ${place.column}` });
  await again(async () => {
    const input = line(page);
    if (!(await input.isVisible())) await page.keyboard.press('Control+g');
    await input.fill(`:${place.line}:${place.column}`, { timeout: TRY_MS });
    await rows(page)
      .filter({ hasText: `line ${place.line}` })
      .first()
      .waitFor({ timeout: TRY_MS });
    await input.press('Enter', { timeout: TRY_MS });
    await there.waitFor({ timeout: TRY_MS });
    await input.waitFor({ state: 'hidden', timeout: TRY_MS });
  });
}

/**
 * Picks an entry of the question that is open with the mouse: a click on a list that is just being filled is for nothing.
 * @param {Page} page
 * @param {string | RegExp} text
 * @param {number} [timeout] how long to wait for it, in milliseconds
 */
export async function pick(page, text, timeout) {
  const row = rows(page).filter({ hasText: text }).first();
  await row.waitFor(timeout === undefined ? {} : { timeout });
  await untilTaken(page, () => row.click({ timeout: TRY_MS }));
}

/**
 * Answers the question that is open, until it is asked no longer.
 * @param {Page} page
 * @param {() => Promise<void>} answer
 */
export async function untilTaken(page, answer) {
  const before = await question(page);
  const isTaken = async () => (await question(page)) !== before;
  await again(async () => {
    // It may be taken after all just now, and gone.
    await answer().catch(() => {});
    if (!(await holdsSoon(isTaken))) throw new Error(`${before} was answered, and is still asked`);
  });
}

/**
 * What is asked; nothing where nothing is.
 * @param {Page} page
 */
async function question(page) {
  const widget = page.locator('.quick-input-widget');
  if (!(await widget.isVisible())) return '';
  const title = widget.locator('.quick-input-title').first();
  const parts = [
    title.textContent({ timeout: TRY_MS }),
    line(page).getAttribute('placeholder', { timeout: TRY_MS }),
  ];
  return JSON.stringify(await Promise.all(parts.map((part) => part.catch(() => ''))));
}

/** @param {() => Promise<boolean>} holds */
async function holdsSoon(holds) {
  const deadline = Date.now() + TRY_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
