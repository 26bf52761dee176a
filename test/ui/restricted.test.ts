// A folder that nobody trusts: Strata only reads it, and so does all that it does.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activeContext, hoverOver, openFile } from '../../scripts/vscode-host/workbench.mjs';
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

  it('nothing is built or run: the palette does not offer it, and a key that asks for it is told why not', async () => {
    const { page, host } = session;
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
    const keys = [{ key: 'ctrl+alt+b', command: 'strata.build', args: { app: 'api' } }];
    writeFileSync(join(host.dataDir, 'data', 'User', 'keybindings.json'), JSON.stringify(keys));
    const toast = page.locator('.notification-toast', { hasText: 'this workspace is not trusted' });
    // The editor takes the file in at some time.
    await expect
      .poll(() => page.keyboard.press('Control+Alt+b').then(() => toast.count()), { timeout: 30_000 })
      .toBeGreaterThan(0);
    await session.screenshot('restricted-build');
  });
});
