// Deploying as a person does it, with the keyboard, to real agents.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { accept, acceptDialog } from '../../scripts/vscode-host/keyboard.mjs';
import { pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile } from '../../scripts/vscode-host/workbench.mjs';
import { startUiBoxes, type UiBox, uploadUiVersion } from './deployBoxes.ts';
import { type Session, startSession } from './session.ts';

describe('a deployment', () => {
  let session: Session;
  let page: Page;
  let boxes: UiBox[];
  const base = mkdtempSync(join(tmpdir(), 'strata-ui-'));
  /** What the balancer before the boxes of production was told. */
  const told = join(base, 'told');
  const command = (what: string) => `[sh, -c, 'echo ${what} $STRATA_BOX >> ${told}']`;
  const balancers = `balancers:\n  front: {environment: production, commands: {out: ${command('out')}, in: ${command('in')}}}\n`;

  beforeAll(async () => {
    session = await startSession({ settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
    page = session.page;
    const workspace = join(session.host.dir, 'shop');
    const manifest = join(workspace, 'strata.yaml');
    const text = readFileSync(manifest, 'utf8').replace(
      'production:\n',
      'production:\n    protected: true\n',
    );
    writeFileSync(manifest, `${text}\n${balancers}`);
    uploadUiVersion(workspace, base, 'api', '11', 'Carts know their limit');
    uploadUiVersion(workspace, base, 'api', '12', 'Greet people by name');
    boxes = await startUiBoxes(workspace, base, ['production', 'production', 'qa']);
    await openFile(page, 'apps/api/deploy/configuration/api-default.yaml');
    await setTokens();
  });
  afterAll(async () => {
    for (const box of boxes ?? []) box.stop();
    await session?.close();
    rmSync(base, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const input = () => page.locator('.quick-input-widget');
  const title = (text: string) => input().locator('.quick-input-title', { hasText: text }).waitFor();
  const rows = () => input().locator('.quick-input-list .monaco-list-row');
  /** A page that opens just now may take the focus meanwhile. */
  const line = () => input().locator('input.input:visible');
  const frame = () => page.frameLocator('iframe.webview').frameLocator('iframe');
  const dialog = () => page.locator('.monaco-dialog-box');

  async function setTokens(): Promise<void> {
    for (const { name, token } of boxes) {
      await runCommand(page, 'Strata: Set Token');
      await rows().filter({ hasText: name }).first().click();
      await line().fill(token);
      await accept(page);
      await input().waitFor({ state: 'hidden' });
    }
  }

  /** Takes pictures in several themes. */
  async function shotsIn(all: typeof themes, shot: string): Promise<void> {
    for (const [name, kind] of all) {
      await runCommand(page, 'Preferences: Color Theme');
      await line().fill(name);
      await pick(page, name);
      await page.locator(`.monaco-workbench.${kind}`).first().waitFor();
      await frame().locator(`body.${pageKinds[kind]}`).waitFor();
      await input().waitFor({ state: 'hidden' });
      await session.screenshot(`${shot}-${kind}`);
    }
  }

  /** Answers the four questions of Deploy…, with the keyboard alone. */
  async function answer(environment: string, version: string): Promise<void> {
    await runCommand(page, 'Strata: Deploy…');
    await title('1/4');
    await rows().filter({ hasText: 'api' }).first().waitFor();
    await accept(page);
    await title('2/4');
    await line().fill(environment);
    await accept(page);
    await title('3/4');
    await rows().filter({ hasText: 'b' }).first().waitFor();
    await accept(page);
    await title('4/4');
    await rows().filter({ hasText: version }).first().waitFor();
  }

  it('is given up at each question, and its questions go back', async () => {
    for (const step of [1, 2, 3, 4]) {
      await runCommand(page, 'Strata: Deploy…');
      for (let at = 1; at < step; at++) {
        await title(`${at}/4`);
        await rows().first().waitFor();
        await accept(page);
      }
      await title(`${step}/4`);
      if (step > 1) {
        await input().locator('.codicon-quick-input-back').click();
        await title(`${step - 1}/4`);
      }
      await page.keyboard.press('Escape');
      await input().waitFor({ state: 'hidden' });
    }
    expect(await page.locator('.tab', { hasText: 'Plan of' }).count()).toBe(0);
  });

  it('is given up while its plans are made', async () => {
    await answer('production', '12');
    boxes[1]?.pause();
    try {
      await accept(page);
      const planning = page.locator('.notification-toast', { hasText: 'Planning api in production' });
      await planning.filter({ hasText: '1 of 2 boxes' }).hover();
      await planning.getByRole('button', { name: 'Cancel' }).click();
      await planning.waitFor({ state: 'hidden' });
    } finally {
      boxes[1]?.goOn();
    }
    expect(await page.locator('.tab', { hasText: 'Plan of' }).count()).toBe(0);
    expect(await input().isVisible()).toBe(false);
  });

  it('shows versions, a plan, wants the name of a protected environment, and tells what failed', async () => {
    await answer('production', '12');
    await session.screenshot('deploy-versions');
    await line().fill('11');
    await accept(page);
    await rows().filter({ hasText: 'Deploy to 2 boxes' }).waitFor();
    await session.screenshot('deploy-plan');
    await accept(page);
    await dialog().waitFor();
    await session.screenshot('deploy-confirm');
    await acceptDialog(page);
    await line().fill('prod');
    await page.keyboard.press('Enter');
    await page.getByText('This is not “production”').waitFor();
    await line().fill('production');
    await accept(page);
    await frame().locator('.summary.done').waitFor({ timeout: 60_000 });
    expect(readFileSync(told, 'utf8')).toBe('out b1\nin b1\nout b2\nin b2\n');
    for (const name of ['Out', 'In'])
      expect(await frame().getByRole('columnheader', { name, exact: true }).count()).toBe(1);
    expect(await frame().locator('.mark.done').count()).toBe(20);

    boxes[1]?.mark('fails');
    await answer('production', '12');
    await line().fill('12');
    await accept(page);
    await rows().filter({ hasText: 'Deploy to 2 boxes' }).waitFor();
    await page.locator('.view-line', { hasText: 'Hello from 12' }).first().waitFor();
    await session.screenshot('deploy-plan');
    await accept(page);
    await dialog().waitFor();
    await acceptDialog(page);
    await line().fill('production');
    await accept(page);
    await frame().getByRole('heading', { name: 'Deploy api 12 to production' }).waitFor();
    await frame().locator('.summary.bad').waitFor({ timeout: 60_000 });
    await frame().locator('.line.failing', { hasText: 'does not exist' }).waitFor();
    expect(await frame().getByRole('button', { name: 'Retry Failed' }).count()).toBe(1);
    // The box with what is said of it, as one.
    const framed = frame().locator('tbody, tr, td');
    const dashed = (all: Element[]) =>
      all.filter((one) => getComputedStyle(one).outlineStyle === 'dashed').map((one) => one.className);
    expect(await framed.evaluateAll(dashed)).toEqual(['selected explained']);
    await shotsIn(themes, 'deployment-failed');
  });

  it('is read with the keyboard alone: box by box, with what failed in sight, also in a narrow window', async () => {
    const boxButton = (name: string) => frame().getByRole('button', { name, exact: true });
    const log = frame().getByRole('log');
    await boxButton('b2').focus();
    await page.keyboard.press('Home');
    expect(await boxButton('b1').getAttribute('aria-pressed')).toBe('true');
    await frame().getByRole('heading', { name: 'Log of b1' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await frame().getByRole('heading', { name: 'Log of b2' }).waitFor();
    expect(await boxButton('b2').evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    expect(await log.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    const last = frame().locator('.actions button').last();
    expect(await last.evaluate((one) => one === document.activeElement)).toBe(true);
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    await page.setViewportSize({ width: 640, height });
    await frame().locator('.line.failing').scrollIntoViewIfNeeded();
    const beyond = await frame()
      .locator('body')
      .evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    await session.screenshot('deployment-narrow');
    await page.setViewportSize({ width, height });
  });

  it('is shown live, box by box, and found again by the next window', async () => {
    boxes[1]?.mark('fails', false);
    boxes[1]?.mark('waits');
    // What was told of the one before names the same.
    await runCommand(page, 'Notifications: Clear All Notifications');
    await frame().getByRole('button', { name: 'Retry Failed' }).click();
    await rows().filter({ hasText: 'Deploy to 1 box' }).waitFor();
    await accept(page);
    await dialog().waitFor();
    await acceptDialog(page);
    await line().fill('production');
    await accept(page);
    await frame().locator('.mark.running').waitFor();
    await frame().locator('.line', { hasText: 'receipts' }).waitFor();
    const toast = page.locator('.notification-toast', { hasText: 'Deploy api 12 to production' });
    await toast.waitFor();
    await shotsIn(themes, 'deployment-running');
    await toast
      .getByRole('link', { name: 'Show Logs' })
      .or(toast.getByRole('button', { name: 'Show Logs' }))
      .click();
    await page.locator('.terminal-wrapper.active .xterm-rows').getByText('receipts').first().waitFor();
    await session.screenshot('deployment-logs');
    await runCommand(page, 'View: Toggle Panel Visibility');
    await page.reload();
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    await frame().locator('h1').waitFor({ timeout: 60_000 });
    // This VS Code forgets its tokens with the page: the box may not be looked at, and is not given up.
    await runCommand(page, 'Strata: Show Deployments');
    await rows().filter({ hasText: 'api 12' }).first().click();
    await frame().locator('.result.left').waitFor();
    expect(await frame().getByRole('button', { name: 'Follow Again' }).count()).toBe(1);
    await session.screenshot('deployment-left');
    boxes[1]?.mark('waits', false);
  });
});

const themes = [
  ['Light Modern', 'vs'],
  ['Dark High Contrast', 'hc-black'],
  ['Light High Contrast', 'hc-light'],
  ['Dark Modern', 'vs-dark'],
] as const;

/** What VS Code calls them in pages. */
const pageKinds = {
  ...{ vs: 'vscode-light', 'vs-dark': 'vscode-dark' },
  ...{ 'hc-black': 'vscode-high-contrast', 'hc-light': 'vscode-high-contrast-light' },
} as const;
