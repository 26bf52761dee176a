// What becomes of a box from its first day to its last: tokens, certificates, checks, and the box of this machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { answer } from '../../scripts/vscode-host/keyboard.mjs';
import { pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile, takeFromMenu } from '../../scripts/vscode-host/workbench.mjs';
import { type Agent, newAgent } from '../integration/agents.ts';
import { type Session, startSession } from './session.ts';

describe('boxes', () => {
  let session: Session;
  let agent: Agent;
  let manifest: string;

  beforeAll(async () => {
    agent = await newAgent(join(root, 'dist'));
    agent.upload('storefront', '42');
    session = await startSession();
    manifest = join(session.host.dir, 'shop', 'strata.yaml');
    const boxes = `boxes:\n  # The first one.\n  qa1: {url: "${agent.url}", environment: qa} # in the cellar\n  # Gone since.\n  qa2: {url: "http://127.0.0.1:9", environment: qa}\n`;
    writeFileSync(manifest, readFileSync(manifest, 'utf8') + boxes);
    await openFile(session.page, 'configs/common.yaml');
    await session.page.getByRole('tab', { name: 'Strata' }).first().click();
  });
  afterAll(async () => {
    await session?.close();
    await agent?.remove();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-boxes-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const item = (name: string | RegExp) =>
    session.page.getByRole('tree', { name: 'Fleet' }).getByRole('treeitem', { name }).first();
  const dialog = () => session.page.locator('.monaco-dialog-box');
  const toast = (text: string | RegExp) =>
    session.page.locator('.notification-toast', { hasText: text }).first();

  /** Chooses an entry of the menu of a box. */
  async function choose(box: RegExp, entry: string): Promise<void> {
    await takeFromMenu(session.page, item(box), entry);
  }

  /** Presses a button of a notification, once those above it have stopped to move. */
  async function press(text: string | RegExp, name: string): Promise<void> {
    await toast(text).waitFor();
    await toast('Asking').waitFor({ state: 'hidden' });
    await toast(text).getByRole('button', { name }).click();
  }

  async function answerToken(text: string): Promise<void> {
    await session.page.locator('.quick-input-title', { hasText: 'Token of qa1' }).waitFor();
    await answer(session.page, text);
  }

  async function clear(): Promise<void> {
    await runCommand(session.page, 'Notifications: Clear All Notifications');
  }

  it('takes a token in place of a wrong one, and says so of each', async () => {
    await item(/^Box qa1, nobody has accepted/).hover();
    await item(/^Box qa1/)
      .getByRole('button', { name: /Accept Certificate/ })
      .click();
    await dialog().getByRole('button', { name: 'Accept Certificate' }).click();
    await press(/it wants a token: run “Strata: Set Token…”/, 'Set Token…');
    await answerToken('strata_wrong');
    await press('it does not take the token', 'Set Token…');
    await answerToken(agent.token('ann'));
    await toast('The box qa1 answers').waitFor();
    await item(/^Box qa1, nothing was deployed/).waitFor();
    await clear();
  });

  it('refuses another certificate aloud, until the person forgets the one before', async () => {
    const { page } = session;
    const before = agent.fingerprint();
    await agent.stop();
    agent.renewCertificate();
    await agent.start();
    const refusal = toast('shows another certificate than the one that was accepted');
    await refusal.filter({ hasText: before }).filter({ hasText: agent.fingerprint() }).waitFor();
    await session.screenshot('certificate-refused');
    await refusal.getByRole('button', { name: 'Forget Certificate…' }).click();
    await dialog().filter({ hasText: before }).getByRole('button', { name: 'Forget Certificate' }).click();
    await item(/^Box qa1, nobody has accepted/).hover();
    await item(/^Box qa1/)
      .getByRole('button', { name: /Accept Certificate/ })
      .click();
    await dialog()
      .filter({ hasText: agent.fingerprint() })
      .getByRole('button', { name: 'Accept Certificate' })
      .click();
    await toast('The box qa1 answers').waitFor();
    await clear();
    await page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
  });

  it('checks all of them, and says what is wrong with one', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Check Boxes');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'qa2' }).filter({ hasText: 'nothing listens there' }).waitFor();
    await rows.filter({ hasText: 'qa1' }).filter({ hasText: 'certificate until' }).waitFor();
    const input = page.locator('.quick-input-widget input').first();
    expect(await input.getAttribute('placeholder')).toBe('Something is wrong with 1 of 2');
    await session.screenshot('check-boxes');
    await page.keyboard.press('Escape');
  });

  it('removes a box from the manifest, and leaves the comments of the others', async () => {
    await choose(/^Box qa2/, 'Remove Box…');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(readFileSync(manifest, 'utf8')).toContain('qa2');
    await choose(/^Box qa2/, 'Remove Box…');
    await dialog().getByRole('button', { name: 'Remove Box' }).click();
    await item(/^Box qa2/).waitFor({ state: 'detached' });
    const text = readFileSync(manifest, 'utf8');
    expect(text).not.toContain('qa2');
    expect(text).toContain('  # The first one.\n');
    expect(text).toContain('environment: qa} # in the cellar\n');
    expect(text.startsWith(readFileSync(join(root, 'examples', 'shop', 'strata.yaml'), 'utf8'))).toBe(true);
  });

  it('has a box of this machine over a reload of the window, which no manifest can forget', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Start Local Agent');
    await item(/^Box local, nothing was deployed/).waitFor();
    await page.reload();
    await item(/^Box local, nothing was deployed/).waitFor({ timeout: 60_000 });
    const entries: string[] = [];
    while (!entries.some((text) => text.includes('Stop Local Agent'))) {
      // A menu goes when its tree is drawn anew.
      await item(/^Box local/).click({ button: 'right' });
      await page.getByRole('menuitem').first().waitFor();
      entries.splice(0, entries.length, ...(await page.getByRole('menuitem').allInnerTexts()));
      await session.screenshot('local-agent-menu');
      await page.keyboard.press('Escape');
    }
    expect(entries.filter((text) => /Remove Box|Set Token|Certificate/.test(text))).toEqual([]);
    await choose(/^Box local/, 'Stop Local Agent');
    await item(/^Box local/).waitFor({ state: 'detached' });
  });

  it.each([
    ['Dark High Contrast', 'hc-black'],
    ['Light High Contrast', 'hc-light'],
    ['Dark Modern', 'vs-dark'],
  ])('can be read in %s', async (theme, kind) => {
    const { page } = session;
    await clear();
    await runCommand(page, 'Preferences: Color Theme');
    await page.locator('.quick-input-widget input').first().fill(theme);
    await pick(page, theme);
    await page.locator(`.monaco-workbench.${kind}`).first().waitFor();
    await item(/^Box qa1/).click();
    await session.screenshot(`boxes-${kind}`);
    expect(session.outside).toEqual([]);
  });
});
