// The tour as a person takes it, in themes of all kinds.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { openFile, pick, runCommand } from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

/** A system without high contrast must not decide. */
const themeSettings = { 'window.autoDetectHighContrast': false, 'window.autoDetectColorScheme': false };

describe('the walkthrough', () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession();
    // The extension has been activated by then.
    await openFile(session.page, 'configs/common.yaml');
    // Pictures stand beside the steps only where there is room.
    await session.page.keyboard.press('Control+b');
  });
  afterAll(() => session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const step = (id: string) => session.page.locator(`.getting-started-step[data-step-id$="#${id}"]`);
  const button = (label: string) =>
    session.page.locator('.getting-started-step.expanded').getByRole('button', { name: label, exact: true });

  async function openTour(): Promise<void> {
    await runCommand(session.page, 'Welcome: Open Walkthrough...');
    await pick(session.page, 'Get Started with Strata');
    await step('example').waitFor();
  }

  it('has a step for each part of the tour', async () => {
    await openTour();
    const titles = await session.page.locator('.getting-started-step .step-title').allInnerTexts();
    expect(titles).toEqual([
      'Open the example',
      'See a setting in every environment',
      'Compare two environments',
      'Start a local agent',
      'Build an app',
      'Deploy it',
      'Follow the logs',
      'Roll back',
    ]);
  });

  it.each([
    ['Default Light Modern', 'vs', 'light'],
    ['Default Dark Modern', 'vs-dark', 'dark'],
    ['Default High Contrast', 'hc-black', 'high-contrast'],
  ])('can be read in %s', async (theme, kind, name) => {
    const file = join(session.host.dataDir, 'data', 'User', 'settings.json');
    const settings = JSON.parse(readFileSync(file, 'utf8'));
    const themed = () => {
      writeFileSync(file, JSON.stringify({ ...settings, ...themeSettings, 'workbench.colorTheme': theme }));
      return session.page.locator(`.monaco-workbench.${kind}`).count();
    };
    // A change that follows upon another may be overlooked by the watcher of files.
    await expect.poll(themed, { timeout: 30_000, interval: 1000 }).toBe(1);
    await step('deploy').click();
    const inside = session.page.frameLocator('iframe.webview').first().frameLocator('iframe');
    await inside.locator('svg', { hasText: '7.1' }).waitFor();
    await session.screenshot(`walkthrough-${name}`);
  });

  it('shows the values of a setting, and marks the step as done', async () => {
    const { page } = session;
    await step('hover').click();
    await button('Show Values').click();
    await page.locator('.monaco-hover:visible', { hasText: 'production/eu' }).waitFor();
    await step('hover').locator('.codicon-getting-started-step-checked').waitFor();
    await page.keyboard.press('Escape');
  });

  it('starts an agent with one click', async () => {
    const { page } = session;
    await step('agent').click();
    await button('Start Local Agent').click();
    await page
      .locator('.notification-toast', { hasText: 'The local agent runs, as a box of local.' })
      .waitFor();
    await session.screenshot('walkthrough-agent');
    await step('agent').locator('.codicon-getting-started-step-checked').waitFor();
    await runCommand(page, 'Strata: Stop Local Agent');
    expect(session.outside).toEqual([]);
  });
});
