// What a person does in the workbench with the keyboard alone.
import { again, TRY_MS } from './again.mjs';
import { close, line, rows, untilTaken } from './quickInput.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/**
 * Picks the first entry of the list that is open which has this text, once it is there. What was typed into a question that was just going
 * is typed again.
 * @param {Page} page
 * @param {string} text
 */
export async function choose(page, text) {
  await again(async () => {
    await line(page).fill(text, { timeout: TRY_MS });
    await focused(page, text).waitFor({ timeout: TRY_MS });
  });
  await accept(page);
}

/**
 * Types an answer, and gives it.
 * @param {Page} page
 * @param {string} text
 */
export async function answer(page, text) {
  await line(page).fill(text);
  await accept(page);
}

/**
 * Takes what the question that is open offers first, or what has been typed. A page that opens just then may have the focus: the key goes to
 * the question itself.
 * @param {Page} page
 */
export async function accept(page) {
  await untilTaken(page, () => line(page).press('Enter', { timeout: TRY_MS }));
}

/**
 * Takes the button of the dialog that has the focus.
 * @param {Page} page
 */
export async function acceptDialog(page) {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  await again(async () => {
    await dialog.locator('.monaco-button:focus').press('Enter', { timeout: TRY_MS });
    await dialog.waitFor({ state: 'hidden', timeout: TRY_MS });
  });
}

/**
 * Takes what a question of several begins with.
 * @param {Page} page
 * @param {string} step such as `2/4`
 */
export async function takeFirst(page, step) {
  await page.locator('.quick-input-title', { hasText: step }).first().waitFor();
  await rows(page).first().waitFor();
  await accept(page);
}

/**
 * Runs a command from the palette; one that a page which is just opening has closed is opened again.
 * @param {Page} page
 * @param {string} title
 */
export async function command(page, title) {
  await again(
    async () => {
      await page.keyboard.press('F1');
      await line(page).fill(`>${title}`, { timeout: TRY_MS });
      await rows(page).filter({ hasText: title }).first().waitFor({ timeout: TRY_MS });
      // Others may be above it.
      await pressUntil(page, 'ArrowDown', focused(page, title), 10);
      await line(page).press('Enter', { timeout: TRY_MS });
    },
    // One that was opened too early does not learn of commands that come meanwhile.
    () => close(page),
  );
}

/**
 * Opens a file by its name.
 * @param {Page} page
 * @param {string} path
 */
export async function openByName(page, path) {
  const name = path.split('/').at(-1) ?? '';
  await again(async () => {
    await command(page, 'Go to File...');
    await line(page).fill(path, { timeout: TRY_MS });
    await focused(page, name).waitFor({ timeout: TRY_MS });
    await line(page).press('Enter', { timeout: TRY_MS });
    await page.locator('.tab.active', { hasText: name }).waitFor({ timeout: TRY_MS });
  });
}

/**
 * @param {Page} page
 * @param {string} text
 */
function focused(page, text) {
  return page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
}

/**
 * Presses a key until something has the focus or is there.
 * @param {Page} page
 * @param {string} key
 * @param {Locator} wanted
 */
export async function pressUntil(page, key, wanted, most = 40) {
  for (let pressed = 0; pressed < most; pressed++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press(key);
  }
  await wanted.first().waitFor({ timeout: TRY_MS });
}
