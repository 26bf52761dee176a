// A folder that nobody trusts: Strata only reads it, and so does all that it does.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  activeContext,
  hoverOver,
  openFile,
  pick,
  runCommand,
} from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

describe('in Restricted Mode', () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({ restricted: true });
    await openFile(session.page, 'configs/common.yaml');
  });
  afterAll(() => session?.close());

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await session.screenshot('failed-restricted');
  });

  it('the extension runs, and shows values and problems', async () => {
    const { page, place } = session;
    const trust = page.locator('.statusbar-item[id="status.workspaceTrust"]');
    await trust.filter({ hasText: 'Restricted Mode' }).waitFor();
    expect((await activeContext(page)).app).toBe('storefront');
    const { rows } = await hoverOver(
      page,
      place('configs/common.yaml', 'common', 'db', 'host'),
      'production/eu',
    );
    expect(rows.length).toBeGreaterThan(3);
    const problems = page.locator('.statusbar-item[id="status.problems"]');
    await problems.filter({ hasText: /[1-9]/ }).waitFor();
    expect(session.outside).toEqual([]);
  });

  it('asks no boxes, and offers nothing that would', async () => {
    const { page } = session;
    await page.getByRole('tab', { name: 'Strata' }).first().click();
    await page.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await session.screenshot('fleet-restricted');
    await page.keyboard.press('F1');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await page.locator('.quick-input-widget input').first().fill('>Strata: ');
    await rows.filter({ hasText: 'Strata: Show Log' }).waitFor();
    const titles = await rows.allTextContents();
    expect(titles.filter((title) => /Box|Token|Certificate|Refresh Fleet/.test(title))).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('nothing is built or run: the palette does not offer it, and a button that asks for it says why not', async () => {
    const { page } = session;
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input').first();
    await input.fill('>Strata: ');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Strata: Explain Setting' }).waitFor();
    for (const title of ['Strata: Build…', 'Strata: Render Configuration', 'Strata: Start Local Agent']) {
      await input.fill(`>${title}`);
      await rows.first().waitFor();
      expect(await rows.filter({ hasText: title }).count()).toBe(0);
    }
    await page.keyboard.press('Escape');
    // The walkthrough's buttons do not hang on what the palette offers.
    await runCommand(page, 'Welcome: Open Walkthrough...');
    await pick(page, 'Get Started with Strata');
    await page.locator('.getting-started-step[data-step-id$="#build"]').click();
    await page.locator('.getting-started-step.expanded').getByRole('button', { name: 'Build' }).click();
    await page.locator('.notification-toast', { hasText: 'this workspace is not trusted' }).waitFor();
    await session.screenshot('restricted-build');
  });
});
