// What a person does in the workbench with the keyboard alone.

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

const LIMIT_MS = 30_000;
const TRY_MS = 2000;

/**
 * Picks the first entry of the list that is open which has this text, once it is there.
 * @param {Page} page
 * @param {string} text
 */
export async function choose(page, text) {
  const line = page.locator('.quick-input-widget input.input:visible').first();
  await line.fill(text);
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
  await row.waitFor();
  await line.press('Enter');
}

/**
 * Takes what a question of several begins with.
 * @param {Page} page
 * @param {string} step such as `2/4`
 */
export async function takeFirst(page, step) {
  await page.locator('.quick-input-title', { hasText: step }).first().waitFor();
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
}

/**
 * Runs a command from the palette; one that a page which is just opening has closed is opened again.
 * @param {Page} page
 * @param {string} title
 */
export async function command(page, title) {
  const line = page.locator('.quick-input-widget input').first();
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    await page.keyboard.press('F1');
    try {
      await line.fill(`>${title}`, { timeout: TRY_MS });
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({
        timeout: TRY_MS,
      });
      // Others may be above it.
      await pressUntil(page, 'ArrowDown', row, 10);
      await line.press('Enter', { timeout: TRY_MS });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      // One that was opened too early does not learn of commands that come meanwhile.
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * Opens a file by its name.
 * @param {Page} page
 * @param {string} path
 */
export async function openByName(page, path) {
  await command(page, 'Go to File...');
  const line = page.locator('.quick-input-widget input').first();
  await line.fill(path);
  const name = path.split('/').at(-1) ?? '';
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
  await line.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
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
