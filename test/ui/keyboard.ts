// What a person does in the workbench with the keyboard alone.
import type { Locator, Page } from 'playwright-core';

const limitMs = 30_000;
const tryMs = 2000;

/** Picks the first entry of the list that is open which has this text, once it is there. */
export async function choose(page: Page, text: string): Promise<void> {
  const line = page.locator('.quick-input-widget input.input:visible').first();
  await line.fill(text);
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text });
  await row.waitFor();
  await line.press('Enter');
}

/** Runs a command from the palette; one that a page which is just opening has closed is opened again. */
export async function command(page: Page, title: string): Promise<void> {
  const line = page.locator('.quick-input-widget input').first();
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  const deadline = Date.now() + limitMs;
  for (;;) {
    await page.keyboard.press('F1');
    try {
      await line.fill(`>${title}`, { timeout: tryMs });
      await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({
        timeout: tryMs,
      });
      // Others may be above it.
      await pressUntil(page, 'ArrowDown', row, 10);
      await line.press('Enter', { timeout: tryMs });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      // One that was opened too early does not learn of commands that come meanwhile.
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens a file by its name. */
export async function openByName(page: Page, path: string): Promise<void> {
  await command(page, 'Go to File...');
  const line = page.locator('.quick-input-widget input').first();
  await line.fill(path);
  const name = path.split('/').at(-1) ?? '';
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
  await line.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** Presses a key until something has the focus or is there. */
export async function pressUntil(page: Page, key: string, wanted: Locator, most = 40): Promise<void> {
  for (let pressed = 0; pressed < most; pressed++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press(key);
  }
  await wanted.first().waitFor({ timeout: tryMs });
}
