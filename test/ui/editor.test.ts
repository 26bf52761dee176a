// What a person does in the editor, with the packaged extension: these run in order, in one window.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import {
  activeContext,
  contextItem,
  hoverOver,
  openFile,
  pointOf,
} from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

const COMMON = 'configs/common.yaml';

describe('a layer file in VS Code', () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession();
  });
  afterAll(() => session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  it('opens from the explorer', async () => {
    await openFile(session.page, COMMON);
    await session.page.locator('.monaco-editor .view-line', { hasText: 'db' }).first().waitFor();
  });

  it('shows the active app and environment in the status bar', async () => {
    const { text } = await activeContext(session.page);
    expect(text).toMatch(/^\w+ · \w+/);
  });

  it('tells the value of a setting in every environment when hovered', async () => {
    const host = session.place(COMMON, 'common', 'db', 'host');
    const { text, rows } = await hoverOver(session.page, host, 'common-qa.yaml');
    await session.screenshot('hover');
    expect(text).toContain('common.yaml:');
    expect(rows.find((row) => /\bqa\b/.test(row))).toMatch(/common-qa\.yaml:\d+/);
    expect(rows.find((row) => /\bproduction\b/.test(row))).toBeDefined();
  });

  it('opens the layer that a link of the hover names, at its line', async () => {
    const { page } = session;
    const host = session.place(COMMON, 'common', 'db', 'host');
    const { widget } = await hoverOver(page, host, 'common-production-eu.yaml');
    await widget
      .getByRole('link', { name: /^common-production-eu\.yaml:/ })
      .first()
      .click();
    await page.locator('.tab.active', { hasText: 'common-production-eu.yaml' }).waitFor();
    const { line } = session.place('configs/common-production-eu.yaml', 'common', 'db', 'host');
    await page.locator('.statusbar-item', { hasText: `Ln ${line}, Col 5` }).waitFor();
    await page.keyboard.press('Control+F4');
    await openFile(page, COMMON);
  });

  it('leads to the layers with Ctrl+click', async () => {
    const { page } = session;
    // They move the lines: the point is looked for once they are there.
    await page.locator('.codelens-decoration').first().waitFor();
    const point = await pointOf(page, session.place(COMMON, 'common', 'db', 'host'));
    await page.keyboard.down('Control');
    await page.mouse.click(point.x, point.y);
    await page.keyboard.up('Control');
    // Several places are shown in a peek view, with the files in a tree.
    const peek = page.locator('.peekview-widget');
    await peek.locator('.monaco-list-row').first().waitFor();
    await session.screenshot('definition');
    const files = await peek.locator('.ref-tree .monaco-list-row').allInnerTexts();
    expect(files.join(' ')).toContain('common.yaml');
    expect(files.join(' ')).toContain('common-qa.yaml');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'hidden' });
  });

  it('tells above a key where it is overridden, and leads there', async () => {
    const { page } = session;
    await page
      .locator('.codelens-decoration a', { hasText: 'overridden in local, qa, production' })
      .first()
      .click();
    const peek = page.locator('.peekview-widget');
    await peek.locator('.monaco-list-row').first().waitFor();
    await session.screenshot('codeLens');
    expect(await peek.locator('.ref-tree').textContent()).toContain('common-qa.yaml');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'hidden' });
  });

  it('changes the environment from the status bar', async () => {
    const { page } = session;
    const item = contextItem(page);
    const { app } = await activeContext(page);
    await item.click();
    // A row shows the environment, then its app.
    await pick(page, new RegExp(`\\bqa\\s*${app}`));
    await item.filter({ hasText: `${app} · qa` }).waitFor();
  });

  it('shows its log on command', async () => {
    await runCommand(session.page, 'Strata: Show Log');
    const channel = session.page.locator('.part.panel select').first().locator('option:checked');
    await expect.poll(() => channel.textContent(), { timeout: 30_000 }).toBe('Strata');
  });

  it('remembers the environment when the window is opened again', async () => {
    const { text } = await activeContext(session.page);
    await session.page.reload();
    await contextItem(session.page).filter({ hasText: text }).waitFor();
  });

  it('asks no other machine for anything', () => {
    expect(session.outside).toEqual([]);
  });
});
