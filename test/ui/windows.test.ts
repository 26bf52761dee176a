// Windows that are not the usual one: two folders that have the same apps, and no folder at all.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { failureLog, workbenchUrl } from '../../scripts/vscode-host/host.mjs';
import { accept } from '../../scripts/vscode-host/keyboard.mjs';
import { openPalette, pick, runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { openFile, openFolder } from '../../scripts/vscode-host/workbench.mjs';
import { proberAnswers, proberExtension } from './prober.ts';
import { type Session, startSession } from './session.ts';

type Options = NonNullable<Parameters<typeof startSession>[0]>;

/** What the tests of one window share. @param beside makes the packages of other extensions. */
function inWindow({ beside, ...options }: Omit<Options, 'beside'> & { beside?: () => Promise<string> }) {
  const held: { session?: Session } = {};
  const session = () => held.session as Session;
  beforeAll(async () => {
    const others = beside === undefined ? [] : [await beside()];
    held.session = await startSession({ ...options, beside: others });
  });
  afterAll(() => held.session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session().screenshot(`failed-windows-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session().host));
  });
  return {
    session,
    page: () => session().page,
    toast: (text: string | RegExp) =>
      session().page.locator('.notification-toast', { hasText: text }).first(),
    clear: () => runCommand(session().page, 'Notifications: Clear All Notifications'),
  };
}

describe('a window with two folders', () => {
  const { page, session, toast, clear } = inWindow({
    settings: { 'strata.localAgent.environment': 'local' },
    async open(page, host) {
      for (const name of ['one', 'two']) {
        const folder = join(host.dir, name);
        cpSync(join(root, 'examples', 'shop'), folder, { recursive: true });
        appendFileSync(
          join(folder, 'strata.yaml'),
          `boxes:\n  box-${name}: {url: "http://127.0.0.1:9", environment: qa}\n`,
        );
        execFileSync('git', ['-C', folder, 'init', '--quiet', '--initial-branch=main']);
        commit(folder);
      }
      const file = join(host.dir, 'both.code-workspace');
      writeFileSync(file, JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }));
      await openFolder(page, host, file);
    },
  });

  const of = (name: string, ...path: string[]) => join(session().host.dir, name, ...path);
  const item = (name: string | RegExp) =>
    page().getByRole('tree', { name: 'Fleet' }).getByRole('treeitem', { name }).first();
  const rows = () => page().locator('.quick-input-list .monaco-list-row');

  /** Opens the app of the second folder, which counts from then on. */
  async function openSecond(): Promise<void> {
    // Both folders have files of these names: those of the first one are folded away.
    const explorer = page().locator('.explorer-folders-view .monaco-list-row');
    const apps = explorer.filter({ has: page().getByText('apps', { exact: true }) });
    await expect.poll(() => apps.count(), { timeout: 30_000 }).toBe(2);
    await explorer.first().click();
    await expect.poll(() => apps.count()).toBe(1);
    await openFile(page(), 'two/apps/api/package.json');
  }

  it('shows the boxes of both, and whose they are', async () => {
    await openSecond();
    await page().getByRole('tab', { name: 'Strata' }).first().click();
    await item(/^Box box-one, nothing listens there/).waitFor();
    await item(/^Box box-two, nothing listens there/).waitFor();
    const environments = await page()
      .getByRole('tree', { name: 'Fleet' })
      .locator('[role=treeitem][aria-level="1"]')
      .allInnerTexts();
    expect(environments.map((text) => text.replace(/\s+/g, ''))).toEqual(['qaone', 'qatwo']);
    await session().screenshot('two-folders');
  });

  it('builds the app of the active file, and deploys it to the boxes of its folder', async () => {
    await runCommand(page(), 'Strata: Build…');
    await rows().filter({ hasText: 'api' }).first().waitFor();
    const offered = await rows().allInnerTexts();
    expect(offered[0]?.replace(/\s+/g, ' ')).toContain('two/apps/api');
    await accept(page());
    await toast(/api \d+\.1 is built\./).waitFor({ timeout: 90_000 });
    await session().screenshot('built');
    expect(existsSync(of('two', '.strata/artifacts/api'))).toBe(true);
    expect(existsSync(of('one', '.strata'))).toBe(false);
    await toast(/api \d+\.1 is built\./)
      .getByRole('button', { name: 'Deploy…' })
      .click();
    await page().locator('.quick-input-title', { hasText: 'Deploy api' }).waitFor();
    await pick(page(), 'qa');
    await rows().filter({ hasText: 'box-two' }).waitFor();
    expect(await rows().filter({ hasText: 'box-one' }).count()).toBe(0);
    await page().keyboard.press('Escape');
    await clear();
  });

  it('refuses to build what is not committed, says what to do, and does it when asked', async () => {
    writeFileSync(of('two', 'apps/api/new.txt'), 'x');
    await runCommand(page(), 'Strata: Build…');
    await rows().filter({ hasText: 'api' }).first().waitFor();
    await accept(page());
    const refusal = toast(
      /changes that are not committed \(apps\/api\/new\.txt\): commit or ignore them, or build anyway/,
    );
    await refusal.waitFor({ timeout: 60_000 });
    await session().screenshot('build-refused');
    await refusal.getByRole('button', { name: 'Build Anyway' }).click();
    await toast(/api \d+\.2 is built\./).waitFor({ timeout: 90_000 });
    rmSync(of('two', 'apps/api/new.txt'));
    await clear();
  });

  it('stops a build from its notification, which leaves nothing', async () => {
    const script = of('two', 'apps/api/scripts/build.sh');
    mkdirSync(of('two', 'apps/api/scripts'), { recursive: true });
    writeFileSync(script, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    commit(of('two'));
    await runCommand(page(), 'Strata: Build…');
    await rows().filter({ hasText: 'api' }).first().waitFor();
    await accept(page());
    const progress = toast(/Building api: build/);
    await progress.waitFor({ timeout: 60_000 });
    await progress.hover();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await toast('The build of api was stopped.').waitFor();
    expect(existsSync(of('two', 'apps/api/configuration.json'))).toBe(false);
    expect(existsSync(of('two', '.strata/artifacts/api/master/versions/0.3'))).toBe(false);
    await clear();
  });

  it('starts an agent for the folder that is chosen, and shows its box there', async () => {
    await runCommand(page(), 'Strata: Start Local Agent');
    await pick(page(), 'two');
    await item(/^Box local, nothing was deployed/).waitFor();
    const levels = await page().getByRole('tree', { name: 'Fleet' }).getByRole('treeitem').allInnerTexts();
    const texts = levels.map((text) => text.replace(/\s+/g, ''));
    expect(texts.indexOf('localtwo')).toBeGreaterThan(texts.indexOf('qaone'));
    await runCommand(page(), 'Strata: Stop Local Agent');
    await item(/^Box local/).waitFor({ state: 'detached' });
  });
});

describe('a window with no folder', () => {
  const base = mkdtempSync(join(tmpdir(), 'strata-windows-'));
  const answers = join(base, 'answers.json');
  const needing = [
    ...['openEffectiveConfig', 'compareEnvironments', 'compareWithHead', 'newLayer', 'showLayerMap'],
    ...['selectContext', 'explainSetting', 'copySettingPath', 'copyEffectiveValue'],
  ].map((name) => `strata.${name}`);
  const { page, session, toast, clear } = inWindow({
    beside: () => proberExtension(base, needing, answers),
    async open(page, host) {
      await page.goto(workbenchUrl(host, undefined));
      await page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: 60_000 });
    },
  });

  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('offers the example in its views', async () => {
    await page().getByRole('tab', { name: 'Strata' }).first().click();
    await page().getByRole('button', { name: 'Open Example' }).first().waitFor();
    await session().screenshot('no-folder');
  });

  it('says what is missing where such a command is run all the same', async () => {
    await runCommand(page(), 'Prober: Run');
    for (const words of ['has no apps and environments yet', 'put the cursor on a setting of a layer first'])
      await toast(words).waitFor();
    await expect.poll(() => existsSync(answers), { timeout: 30_000 }).toBe(true);
    expect(proberAnswers(answers)).toEqual(Object.fromEntries(needing.map((id) => [id, 'undefined'])));
    // The same words are shown once.
    expect(await page().locator('.notification-toast').count()).toBe(2);
    await clear();
  });

  it('offers nothing that needs apps or boxes', async () => {
    await openPalette(page());
    const input = page().locator('.quick-input-widget input').first();
    const rows = page().locator('.quick-input-list .monaco-list-row');
    await input.fill('>Strata: ');
    await rows.filter({ hasText: 'Strata: Open Example' }).waitFor();
    const titles = ['Explain Setting', 'Compare Environments…', 'Show Layer Map', 'Open Effective Config'];
    for (const name of [...titles, 'Build…', 'Deploy…', 'Roll Back…', 'Add Box…', 'Start Local Agent']) {
      await input.fill(`>Strata: ${name}`);
      await rows.first().waitFor();
      expect(await rows.filter({ hasText: `Strata: ${name}` }).count()).toBe(0);
    }
    await page().keyboard.press('Escape');
    expect(session().outside).toEqual([]);
  });
});

function commit(folder: string): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@papershop.example'];
  execFileSync('git', ['-C', folder, ...who, 'add', '--all']);
  execFileSync('git', ['-C', folder, ...who, 'commit', '--quiet', '--message', 'for a test']);
}
