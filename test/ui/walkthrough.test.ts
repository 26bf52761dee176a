// The tour as a person takes it, in themes of all kinds.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile } from '../../scripts/vscode-host/workbench.mjs';
import { openTour } from './openTour.ts';
import { type Session, startSession } from './session.ts';

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

  const button = (label: string) =>
    session.page.locator('.getting-started-step.expanded').getByRole('button', { name: label, exact: true });

  it('has a step for each part of the tour', async () => {
    await openTour(session.page);
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
    ['Light Modern', 'vs', 'light'],
    ['Dark Modern', 'vs-dark', 'dark'],
    ['Dark High Contrast', 'hc-black', 'high-contrast'],
  ])('can be read in %s', async (theme, kind, name) => {
    await runCommand(session.page, 'Preferences: Color Theme');
    await session.page.locator('.quick-input-widget input').first().fill(theme);
    await pick(session.page, theme);
    await session.page.locator(`.monaco-workbench.${kind}`).waitFor();
    const step = await openTour(session.page);
    await step('deploy').click();
    const inside = session.page.frameLocator('iframe.webview').first().frameLocator('iframe#active-frame');
    await inside.locator('svg', { hasText: '7.1' }).waitFor();
    await session.screenshot(`walkthrough-${name}`);
  });

  it('shows the values of a setting, and marks the step as done', async () => {
    const { page } = session;
    const step = await openTour(page);
    await step('hover').click();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'production/eu' });
    await button('Show Values').click();
    await hover.waitFor();
    await step('hover').locator('.codicon-getting-started-step-checked').waitFor();
    await page.keyboard.press('Escape');
  });

  it('starts an agent with one click', async () => {
    const { page } = session;
    const step = await openTour(page);
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
