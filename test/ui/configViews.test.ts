// The view of effective configurations as people use it, by mouse and by keyboard alone.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { accept, answer } from '../../scripts/vscode-host/keyboard.mjs';
import { pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile } from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

describe('the view Effective Config', () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession();
  });
  afterAll(() => session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    // What is left open would keep the keys from the next test.
    await session.page.keyboard.press('Escape');
    console.log(failureLog(session.host));
  });

  const tree = () => session.page.getByRole('tree', { name: 'Effective Config' });

  it('opens from the activity bar and shows the settings of the active context', async () => {
    const { page } = session;
    await openFile(page, 'configs/common.yaml');
    await page.getByRole('tab', { name: 'Strata' }).first().click();
    await tree()
      .getByRole('treeitem', { name: /^common/ })
      .first()
      .waitFor();
  });

  it('opens the layer that wins with a click', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Filter Settings…');
    await answer(page, 'db.host');
    await tree()
      .getByRole('treeitem', { name: /^yoconfigurator/ })
      .waitFor({ state: 'hidden' });
    await tree()
      .getByRole('treeitem', { name: /^common/ })
      .first()
      .click();
    await tree().getByRole('treeitem', { name: /^db/ }).first().click();
    const host = tree()
      .getByRole('treeitem', { name: /^host: / })
      .first();
    await host.waitFor();
    await session.screenshot('effective-config');
    expect(await host.getAttribute('aria-label')).toMatch(/configs\/common.*\.yaml/);
    await host.click();
    await page.locator('.tab.active', { hasText: /common.*\.yaml/ }).waitFor();
  });

  it('explains a setting, with the keyboard alone', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Explain Setting');
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: 'set' });
    // Keys that come before the list has its first row go nowhere.
    await rows.first().and(page.locator('.focused')).waitFor();
    // A list that is just being filled goes back to its first row.
    const second = rows.nth(1).and(page.locator('.focused'));
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowDown');
        return await second.count();
      })
      .toBe(1);
    await session.screenshot('explain-setting');
    await accept(page);
  });

  it('draws the map of layers, which leads to their lines, by keyboard too', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Show Layer Map');
    const map = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    await map.getByRole('rowheader', { name: 'common.db' }).waitFor();
    // Both have the name: the app's own, and what operations say about it.
    for (const place of ['apps/…', 'configs'])
      await map.getByRole('columnheader', { name: `storefront-production ${place}`, exact: true }).waitFor();
    await session.screenshot('layer-map');
    await map.getByRole('radio', { name: 'qa' }).check();
    await session.screenshot('layer-map-qa');
    await map.getByRole('button', { name: /^common speaks of common\.db/ }).focus();
    await page.keyboard.press('ArrowRight');
    const next = map.getByRole('button', { name: /^common-qa speaks of common\.db/ });
    expect(await next.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'common-qa.yaml' }).waitFor();
  });

  it('compares two environments in the diff editor', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Compare Environments…');
    await pick(page, 'qa');
    await pick(page, 'production/eu');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await session.screenshot('compare-environments');
  });
});
