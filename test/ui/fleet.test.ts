// The view of boxes as people use it: added by hand, met for the first time, and followed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { accept, answer } from '../../scripts/vscode-host/keyboard.mjs';
import { line, pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile } from '../../scripts/vscode-host/workbench.mjs';
import { type Agent, newAgent } from '../integration/agents.ts';
import { type Session, startSession } from './session.ts';

describe('the view Fleet', () => {
  let session: Session;
  let agents: Agent[];

  beforeAll(async () => {
    const dist = join(root, 'dist');
    agents = await Promise.all(['qa', 'production'].map((environment) => newAgent(dist, environment)));
    for (const agent of agents) for (const version of ['41', '42']) agent.upload('storefront', version);
    session = await startSession();
  });
  afterAll(async () => {
    await session?.close();
    await Promise.all((agents ?? []).map((agent) => agent.remove()));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-fleet-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const tree = () => session.page.getByRole('tree', { name: 'Fleet' });
  const item = (name: string | RegExp) => tree().getByRole('treeitem', { name }).first();

  async function step(name: RegExp): Promise<void> {
    await session.page.locator('.quick-input-title', { hasText: name }).waitFor();
  }

  it('says what to do while there are no boxes', async () => {
    const { page } = session;
    await openFile(page, 'configs/common.yaml');
    await page.getByRole('tab', { name: 'Strata' }).first().click();
    await page.getByRole('button', { name: 'Add Box…' }).first().waitFor();
    await session.screenshot('fleet-welcome');
  });

  it('adds a box step by step, with going back, and shows its certificate', async () => {
    const { page } = session;
    const [qa] = agents;
    await runCommand(page, 'Strata: Add Box…');
    await step(/1\/4/);
    await line(page).fill('qa 1');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-message', { hasText: 'A name has' }).waitFor();
    await answer(page, 'qa1');
    await step(/2\/4/);
    await page.locator('.quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
    await step(/1\/4/);
    await accept(page);
    await step(/2\/4/);
    await session.screenshot('add-box');
    await answer(page, qa?.url ?? '');
    await step(/3\/4/);
    await pick(page, 'qa');
    await step(/4\/4/);
    await answer(page, qa?.token('ann') ?? '');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: qa?.fingerprint() ?? '' }).waitFor();
    await session.screenshot('first-contact');
    await dialog.getByRole('button', { name: 'Accept Certificate' }).click();
    await item(/^Box qa1, nothing was deployed/).waitFor();
    const manifest = readFileSync(join(session.host.dir, 'shop', 'strata.yaml'), 'utf8');
    const before = readFileSync(join(root, 'examples', 'shop', 'strata.yaml'), 'utf8');
    expect(manifest.startsWith(before)).toBe(true);
    expect(manifest.slice(before.length)).toMatch(
      /^boxes:\n {2}qa1:\n {4}url: https:\S+\n {4}environment: qa\n$/,
    );
  });

  it('leaves a box that nobody accepts alone, until somebody does', async () => {
    const { page } = session;
    const [, production] = agents;
    await runCommand(page, 'Strata: Add Box…');
    await step(/1\/4/);
    await answer(page, 'us1');
    await step(/2\/4/);
    await answer(page, production?.url ?? '');
    await step(/3\/4/);
    await pick(page, 'production/us');
    await step(/4\/4/);
    await answer(page, production?.token('ann') ?? '');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await item(/^Box us1, nobody has accepted/).waitFor();
    await item(/^Box us1/).hover();
    await item(/^Box us1/)
      .getByRole('button', { name: /Accept Certificate/ })
      .click();
    await dialog.getByRole('button', { name: 'Accept Certificate' }).click();
    await item(/^Box us1, nothing was deployed/).waitFor();
  });

  it('follows what is deployed, in light and dark', async () => {
    const { page } = session;
    for (const [at, version] of [
      [0, '42'],
      [1, '41'],
      [1, '43'],
    ] as const) {
      await agents[at]?.deploy('storefront', version);
    }
    await item(/^storefront on qa1: 42/).waitFor();
    await item(/^storefront on us1: 41 .* 43 failed/).waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
    await item(/^storefront on us1/).hover();
    await page.locator('.monaco-hover', { hasText: 'Live: 41' }).first().waitFor();
    await session.screenshot('fleet-light');
    await runCommand(page, 'Preferences: Color Theme');
    await pick(page, 'Dark Modern');
    await page.locator('.monaco-workbench.vs-dark').first().waitFor();
    await session.screenshot('fleet-dark');
  });

  it('says that a box is away', async () => {
    await agents[0]?.stop();
    await item(/^Box qa1, nothing listens there/).waitFor();
    await session.screenshot('fleet-away');
    expect(session.outside).toEqual([]);
  });
});
