import type { Locator, Page } from 'playwright-core';
import { again, TRY_MS } from '../../scripts/vscode-host/again.mjs';
import type { choose } from '../../scripts/vscode-host/keyboard.mjs';
import { pick, rows, runCommand } from '../../scripts/vscode-host/quickInput.mjs';

const TITLE = 'Get Started with Strata';

/**
 * Opens the walkthrough, with the mouse or otherwise, and gives its steps by their names. The page takes the focus while it opens, and
 * then the list goes; and its steps cannot be clicked while the page that leads to them is shown.
 */
export async function openTour(page: Page, run = runCommand, take: typeof choose = pick) {
  const step = (id: string): Locator => page.locator(`.getting-started-step[data-step-id$="#${id}"]`);
  await again(async () => {
    await run(page, 'Welcome: Open Walkthrough...');
    await rows(page).filter({ hasText: TITLE }).first().waitFor({ timeout: TRY_MS });
    await take(page, TITLE);
    await step('example').and(page.locator(':enabled')).waitFor({ timeout: TRY_MS });
  });
  return step;
}
