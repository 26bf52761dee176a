// The whole tour with the keyboard alone: from an empty window to a deployment and back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureLog, type Host, workbenchUrl } from '../../scripts/vscode-host/host.mjs';
import {
  accept,
  acceptDialog,
  choose,
  command,
  openByName,
  pressUntil,
  takeFirst,
} from '../../scripts/vscode-host/keyboard.mjs';
import { goTo } from '../../scripts/vscode-host/quickInput.mjs';
import { placeOfKey } from '../../scripts/vscode-host/workbench.mjs';
import { openTour } from './openTour.ts';
import { type Session, startSession } from './session.ts';

const drawn = { 'terminal.integrated.gpuAcceleration': 'off', 'workbench.colorTheme': 'Default Dark Modern' };

const openNothing = async (page: Page, host: Host) => void (await page.goto(workbenchUrl(host)));

describe('the tour, with the keyboard alone', () => {
  let session: Session;
  let page: Page;
  let workspace: string;

  beforeAll(async () => {
    session = await startSession({ open: openNothing, settings: drawn });
    page = session.page;
    workspace = join(session.host.dir, 'paper-shop');
    // Whoever takes the mouse here does not take the tour.
    page.mouse.click = () => Promise.reject(new Error('no mouse'));
  });
  afterAll(() => session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const rows = () => page.locator('.quick-input-list .monaco-list-row');
  const title = (text: string | RegExp) =>
    page.locator('.quick-input-title', { hasText: text }).first().waitFor();
  const frame = () => page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  const toast = (text: string) => page.locator('.notification-toast', { hasText: text });
  const acceptToast = () => command(page, 'Notifications: Accept Notification Primary Action');
  const tab = (text: string | RegExp) => page.locator('.tab.active', { hasText: text }).waitFor();

  const hover = () => page.locator('.monaco-hover:visible', { hasText: 'production/eu' });

  async function showHover(): Promise<void> {
    await openByName(page, 'configs/common.yaml');
    const text = readFileSync(join(workspace, 'configs/common.yaml'), 'utf8');
    await goTo(page, placeOfKey(text, ['common', 'db', 'host']));
    await command(page, 'Show or Focus Hover');
    await hover().waitFor();
  }

  async function build(): Promise<void> {
    await command(page, 'Strata: Build…');
    await choose(page, 'api');
    await toast('is built').waitFor({ timeout: 60_000 });
  }

  /** From the environment and its boxes to the end of the deployment. */
  async function deployChosen(): Promise<void> {
    for (const step of ['1/2', '2/2']) await takeFirst(page, step);
    await rows().filter({ hasText: 'Deploy to 1 box' }).waitFor();
    await session.screenshot('tour-plan');
    await accept(page);
    await page.locator('.monaco-dialog-box').waitFor();
    await session.screenshot('tour-confirm');
    await acceptDialog(page);
    await frame().locator('.summary.done').waitFor({ timeout: 60_000 });
  }

  it('opens the example from an empty window', async () => {
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    // VS Code counts what is done from the first time on that a walkthrough is open.
    await openTour(page, command, choose);
    await command(page, 'Strata: Open Example');
    const line = page.locator('.quick-input-widget input').first();
    await title('Where to put the example');
    await session.screenshot('tour-where');
    // It lists the folder that it begins with, and would put that before what is typed meanwhile.
    await rows().getByText('..', { exact: true }).waitFor();
    await line.fill(`${session.host.dir}/`);
    await rows().getByText('vscode', { exact: true }).waitFor();
    await line.press('Enter');
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'strata.yaml' }).waitFor();
    await page.locator('.statusbar-item', { hasText: ' · ' }).first().waitFor();
  });

  it('goes on with the walkthrough, where the step with the example is done', async () => {
    const step = await openTour(page, command, choose);
    await step('example').locator('.codicon-getting-started-step-checked').waitFor();
    await command(page, 'View: Close Editor');
  });

  it('shows a setting in every environment', async () => {
    await showHover();
    await session.picture('hover', { x: 352, y: 36, width: 928, height: 400 });
    await page.keyboard.press('Escape');
    await hover().waitFor({ state: 'hidden' });
  });

  it('leads to the layers that set it', async () => {
    await page.keyboard.press('F12');
    const peek = page.locator('.peekview-widget');
    await peek.locator('.monaco-list-row').first().waitFor();
    await session.screenshot('tour-definition');
    await page.keyboard.press('Escape');
    await peek.waitFor({ state: 'hidden' });
  });

  it('explains it, layer by layer', async () => {
    await command(page, 'Strata: Explain Setting');
    await rows().first().and(page.locator('.focused')).waitFor();
    await session.screenshot('tour-explain');
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  });

  it('compares two environments', async () => {
    await command(page, 'Strata: Compare Environments…');
    await title('1/2');
    await choose(page, 'qa');
    await title('2/2');
    await choose(page, 'production/eu');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await session.picture('compare', { x: 352, y: 36, width: 928, height: 420 });
  });

  it('draws the map of its layers', async () => {
    await command(page, 'Strata: Show Layer Map');
    await frame().getByRole('rowheader', { name: 'common.db' }).waitFor();
    await pressUntil(page, 'Tab', frame().locator('input:focus'));
    await page.keyboard.press('ArrowRight');
    await pressUntil(page, 'Tab', frame().locator('button.cell:focus'));
    await page.keyboard.press('ArrowDown');
    await session.picture('layerMap', { x: 352, y: 68, width: 928, height: 560 });
    await page.keyboard.press('Enter');
    await tab(/\.yaml/);
  });

  it('shows all that an app gets in its view', async () => {
    await command(page, 'Focus on Effective Config View');
    const tree = page.getByRole('tree', { name: 'Effective Config' });
    const item = (name: RegExp) => tree.getByRole('treeitem', { name }).first();
    const focused = (name: RegExp) => item(name).and(page.locator('.focused'));
    for (const [name, child] of [
      [/^common/, /^db/],
      [/^db/, /^host: /],
    ] as const) {
      await item(name).waitFor();
      await pressUntil(page, 'ArrowDown', focused(name));
      await page.keyboard.press('ArrowRight');
      await item(child).waitFor();
    }
    await pressUntil(page, 'ArrowDown', focused(/^host: /));
    await session.screenshot('tour-effective');
    await page.keyboard.press('Enter');
    await tab('common-local.yaml');
  });

  it('starts an agent, builds an app and deploys it', async () => {
    await command(page, 'Strata: Start Local Agent');
    await toast('The local agent runs').waitFor();
    await build();
    await session.screenshot('tour-built');
    await acceptToast();
    await title('Deploy api');
    await session.screenshot('tour-deploy');
    await deployChosen();
    await frame().locator('.line').first().waitFor();
    await pressUntil(page, 'Tab', frame().locator('button.box:focus'));
    await session.screenshot('tour-panel');
  });

  it('deploys the next version', async () => {
    await command(page, 'Notifications: Clear All Notifications');
    await build();
    await acceptToast();
    await title('Deploy api');
    await deployChosen();
    await frame().getByRole('button', { name: 'Roll Back' }).waitFor();
    await page.getByRole('treeitem', { name: /^api on local: 0\.2/ }).waitFor();
    await session.picture('deployment', { x: 48, y: 36, width: 1232, height: 480 });
  });

  it('shows what the agent told', async () => {
    await command(page, 'Strata: Tail Deploy Logs…');
    await title('Tail Deploy Logs');
    await choose(page, 'api');
    await choose(page, 'The last ones');
    await page.locator('.terminal-wrapper.active .xterm-rows').getByText('end: done').first().waitFor();
    await session.screenshot('tour-tail');
  });

  it('rolls back, and tells what was done', async () => {
    await command(page, 'Strata: Roll Back…');
    await title('1/4');
    await choose(page, 'api');
    for (const step of ['2/4', '3/4', '4/4']) await takeFirst(page, step);
    await rows().filter({ hasText: 'Roll back' }).first().waitFor();
    await session.screenshot('tour-rollBack');
    await accept(page);
    await acceptDialog(page);
    await frame().getByRole('heading', { name: 'Roll api back to 0.1 in local' }).waitFor();
    await frame().locator('.summary.done').waitFor({ timeout: 60_000 });
    await command(page, 'Strata: Show Deployment History');
    await choose(page, 'api');
    await rows().filter({ hasText: 'by a rollback' }).waitFor();
    await session.screenshot('tour-history');
    await page.keyboard.press('Escape');
  });

  it.each([
    ['Light Modern', 'vs', 'light'],
    ['Dark High Contrast', 'hc-black', 'contrast'],
  ])('can be read in %s', async (theme, kind, name) => {
    await command(page, 'Preferences: Color Theme');
    await choose(page, theme);
    await page.locator(`.monaco-workbench.${kind}`).waitFor();
    await session.screenshot(`tour-panel-${name}`);
    await command(page, 'Strata: Show Layer Map');
    await frame().getByRole('rowheader', { name: 'common.db' }).waitFor();
    await session.screenshot(`tour-map-${name}`);
    await command(page, 'View: Close Editor');
    await showHover();
    await session.screenshot(`tour-hover-${name}`);
    await page.keyboard.press('Escape');
    await hover().waitFor({ state: 'hidden' });
    await command(page, 'Strata: Show Deployments');
    await choose(page, 'api');
    await tab(/(Deploy|Roll) /);
  });

  it('has every step of the walkthrough done then', async () => {
    await openTour(page, command, choose);
    const steps = page.locator('.getting-started-step');
    const done = steps.locator('.codicon-getting-started-step-checked');
    // Whoever hovers tells nobody: this one is done with its button, which the first step that is not done shows.
    const button = page
      .locator('.getting-started-step.expanded')
      .getByRole('button', { name: 'Show Values' });
    await button.waitFor();
    await session.screenshot('tour-walkthrough');
    await pressUntil(page, 'Tab', button.and(page.locator(':focus')));
    await page.keyboard.press('Enter');
    await expect.poll(() => done.count(), { timeout: 30_000 }).toBe(8);
    expect(await steps.count()).toBe(8);
    await session.screenshot('tour-walkthrough-done');
  });

  it('asks no other machine for anything', () => {
    expect(session.outside).toEqual([]);
  });
});
