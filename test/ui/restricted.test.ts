// A folder that nobody trusts: Strata only reads it, and so does all that it does.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { openPalette, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { activeContext, hoverOver, openFile } from '../../scripts/vscode-host/workbench.mjs';
import { openTour } from './openTour.ts';
import { proberAnswers, proberExtension, proberKey } from './prober.ts';
import { type Session, startSession } from './session.ts';

const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The commands that the palette hides where nobody trusts the folder, with their titles; trust.test.ts sees that none is missing. */
const guarded: { id: string; title: string }[] = contributes.menus.commandPalette
  .filter(({ when }: { when: string }) => when.includes('isWorkspaceTrusted'))
  .map(({ command }: { command: string }) => {
    const { title } = contributes.commands.find((one: { command: string }) => one.command === command);
    return { id: command, title: `Strata: ${texts[title.slice(1, -1)]}` };
  });

describe('in Restricted Mode', () => {
  let session: Session;
  const base = mkdtempSync(join(tmpdir(), 'strata-restricted-'));
  const answers = join(base, 'answers.json');

  beforeAll(async () => {
    const ids = guarded.map(({ id }) => id);
    const prober = await proberExtension(base, ids, answers);
    session = await startSession({ restricted: true, beside: [prober] });
    await openFile(session.page, 'configs/common.yaml');
  });
  afterAll(async () => {
    await session?.close();
    rmSync(base, { recursive: true, force: true });
  });

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
    await openPalette(page);
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await page.locator('.quick-input-widget input').first().fill('>Strata: ');
    await rows.filter({ hasText: 'Strata: Explain Setting' }).waitFor();
    const titles = await rows.allTextContents();
    expect(titles.filter((title) => /Box|Token|Certificate|Refresh Fleet/.test(title))).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('nothing is built or run: the palette does not offer it, and a button that asks for it says why not', async () => {
    const { page } = session;
    await openPalette(page);
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
    const step = await openTour(page);
    await step('build').click();
    await page.locator('.getting-started-step.expanded').getByRole('button', { name: 'Build' }).click();
    await page.locator('.notification-toast', { hasText: 'this workspace is not trusted' }).waitFor();
    await session.screenshot('restricted-build');
  });

  it('no command that needs trust is in the palette', async () => {
    const { page } = session;
    expect(guarded.length).toBeGreaterThan(20);
    await openPalette(page);
    const input = page.locator('.quick-input-widget input').first();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const found: string[] = [];
    for (const { title } of guarded) {
      await input.fill(`>${title}`);
      await rows.first().waitFor();
      if ((await rows.filter({ hasText: title }).count()) > 0) found.push(title);
    }
    expect(found).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('all of them are refused when another extension runs them, or a key', async () => {
    const { page } = session;
    const toast = page.locator('.notification-toast', { hasText: 'this workspace is not trusted' });
    await runCommand(page, 'Notifications: Clear All Notifications');
    await toast.waitFor({ state: 'hidden' });
    await runCommand(page, 'Prober: Run');
    await toast.waitFor();
    await expect.poll(() => existsSync(answers), { timeout: 30_000 }).toBe(true);
    expect(proberAnswers(answers)).toEqual(Object.fromEntries(guarded.map(({ id }) => [id, 'undefined'])));
    await runCommand(page, 'Notifications: Clear All Notifications');
    await toast.waitFor({ state: 'hidden' });
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.keyboard.press(proberKey);
    await toast.waitFor();
    expect(await page.locator('.quick-input-widget:visible, .terminal-wrapper:visible').count()).toBe(0);
    const workspace = join(session.host.dir, 'shop');
    expect(existsSync(join(workspace, 'apps/api/configuration.json'))).toBe(false);
    expect(session.outside).toEqual([]);
  });
});
