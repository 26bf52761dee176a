// Logs and history of deployments as people see them, with a real agent behind the box.
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openAgent } from '../../remote/openAgent.ts';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { accept } from '../../scripts/vscode-host/keyboard.mjs';
import { runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { activeContext, openFolder } from '../../scripts/vscode-host/workbench.mjs';
import { type AgentBox, newAgentBox } from '../agent/support/agentBox.ts';
import { type RunningAgent, runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { type Session, startSession } from './session.ts';

const app = 'storefront';
const hook = [
  "printf 'collecting \\033[36mstatic files\\033[0m\\n\\033[32m214 files\\033[0m are the same\\n'",
  "printf '\\033[33mwarning:\\033[0m see https://example.com/deprecated\\n' >&2",
  'echo migrating the database',
  "printf '\\033[1;31mERROR\\033[0m one row was left out\\n' >&2",
  'while ! [ -e "$STRATA_ROOT/go" ]; do sleep 0.05; done',
  'echo all is there',
].join('\n');

describe('logs of deployments', () => {
  let session: Session;
  const boxes: AgentBox[] = [];
  const agents: RunningAgent[] = [];

  beforeAll(async () => {
    const { signal } = new AbortController();
    for (const name of ['us1', 'eu1']) {
      const box = newAgentBox();
      boxes.push(box);
      await uploadApp(box, '41', {}, { app });
      await uploadApp(box, '42', { 'deploy/hooks/prepare': hook }, { app });
      agents.push(await runAgent(box.folder));
      const agent = openAgent({ name, url: `unix:${box.socket}` }, {});
      const { id } = await agent.deploy({ app, version: '41' }, randomUUID(), signal);
      for await (const _ of agent.events(id, 0, { follow: true, signal }));
      await agent.deploy({ app, version: '42' }, randomUUID(), signal);
    }
    session = await startSession({ settings: drawn });
    const entries = {
      us1: { url: `unix:${boxes[0]?.socket}`, environment: 'qa' },
      eu1: { url: `unix:${boxes[1]?.socket}`, environment: 'qa' },
      ap1: { url: 'http://127.0.0.1:1', environment: 'qa' },
    };
    appendFileSync(join(session.host.dir, 'shop/strata.yaml'), `boxes: ${JSON.stringify(entries)}\n`);
  });
  afterAll(async () => {
    await session?.close();
    for (const { child } of agents) child.kill('SIGTERM');
    await Promise.all(agents.map(({ ended }) => ended));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  const pick = (text: string | RegExp) =>
    session.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  const terminal = () => session.page.locator('.terminal-wrapper.active .xterm-rows');
  /** The window remembers whether the panel is, but not always when it is closed at once. */
  const maximize = async (wanted: boolean) => {
    const isIt = async () => !(await session.page.locator('.part.editor').isVisible());
    if ((await isIt()) !== wanted) await runCommand(session.page, 'View: Toggle Maximized Panel');
    await expect.poll(isIt).toBe(wanted);
  };
  const says = (text: string | RegExp) => terminal().getByText(text).first().waitFor();

  it('are picked and shown in colours, box by box', async () => {
    const { page } = session;
    await activeContext(page);
    await runCommand(page, 'Strata: Tail Deploy Logs…');
    await pick('us1').waitFor();
    await session.screenshot('tail-boxes');
    await accept(page);
    await pick(app).click();
    await pick('All new ones').waitFor();
    await pick(`${app} 41 → 42`).waitFor();
    await session.screenshot('tail-deployments');
    await accept(page);
    await says(/ERROR one row was left out/);
    // All of it at once: what has gone out of the terminal is not in the page.
    await maximize(true);
    await says(/ap1 is away/);
    await session.screenshot('tail-dark');
  });

  it('are filtered with a key', async () => {
    const { page } = session;
    await page.keyboard.press('f');
    await pick('stdout').waitFor();
    await session.screenshot('tail-filter');
    await pick('stdout').click();
    await accept(page);
    await says(/\(filtered\)/);
    await expect.poll(() => terminal().getByText('migrating').count()).toBe(0);
    await says(/ERROR one row was left out/);
    await page.keyboard.press('f');
    await pick('stdout').click();
    await accept(page);
    await says(/migrating the database/);
  });

  it('are taken up where they were when the window is opened anew', async () => {
    const { page, host } = session;
    await openFolder(page, host, join(host.dir, 'shop'));
    await activeContext(page);
    await says(/ERROR one row was left out/);
    // What follows is more than a low terminal has lines.
    await maximize(true);
    for (const { folder } of boxes) writeFileSync(join(folder, 'go'), '');
    await says(/all is there/);
    await says(/end: done/);
    await session.screenshot('tail-reloaded');
    await maximize(false);
  });

  it('are opened from the history of an environment', async () => {
    const { page } = session;
    await runCommand(page, 'Strata: Show Deployment History');
    await pick(app).click();
    await pick(/41 → 42/).waitFor();
    await pick('ap1').waitFor();
    await session.screenshot('history-dark');
    await page.getByRole('button', { name: 'Open as Table' }).click();
    await page.keyboard.press('Escape');
    await page.locator('.tab.active', { hasText: 'Deployments of' }).waitFor();
    await session.screenshot('history-table');
  });

  it('can be read in a light theme, too', async () => {
    const { page } = session;
    await runCommand(page, 'Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await says(/end: done/);
    await session.screenshot('tail-light');
    await runCommand(page, 'Strata: Show Deployment History');
    await pick(app).click();
    await pick('ap1').waitFor();
    await session.screenshot('history-light');
  });
});

// As elements, which can be looked at, in place of a canvas.
const drawn = { 'terminal.integrated.gpuAcceleration': 'off', 'workbench.colorTheme': 'Default Dark Modern' };
