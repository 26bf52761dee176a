// What a person sees when the language server cannot start, and how they get going again.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { failureLog } from '../../scripts/vscode-host/host.mjs';
import { runCommand } from '../../scripts/vscode-host/quickInput.mjs';
import { activeContext, openFile } from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

describe('a language server that cannot start', () => {
  let session: Session;
  let bundle: string;
  let intact: string;

  beforeAll(async () => {
    session = await startSession();
    const [found] = globSync(
      join(session.host.dataDir, 'extensions', 'strata.strata-*', 'dist', 'server.js'),
    );
    bundle = found ?? '';
    intact = readFileSync(bundle, 'utf8');
    await openFile(session.page, 'configs/common.yaml');
    await activeContext(session.page);
  });
  afterAll(() => session?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await session.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    console.log(failureLog(session.host));
  });

  it('is told of, with a way to the log', async () => {
    const { page } = session;
    writeFileSync(bundle, 'process.exit(1);');
    await runCommand(page, 'Strata: Restart Language Server');
    const toast = page.locator('.notification-toast', { hasText: 'could not be started' }).first();
    await toast.waitFor();
    await session.screenshot('server-failed');
    const showLog = toast.getByRole('button', { name: 'Show Log' });
    const channel = page.locator('.part.panel select').first().locator('option:checked');
    // A toast that comes in below moves this one just as it is clicked: then the click is for nothing, or closes it.
    await vi.waitFor(
      async () => {
        if (!(await toast.isVisible())) await runCommand(page, 'Strata: Restart Language Server');
        await showLog.click({ timeout: 15_000 });
        expect(await channel.textContent({ timeout: 5000 })).toBe('Strata');
      },
      { timeout: 60_000 },
    );
    await page.locator('.part.panel .view-line', { hasText: '[error]' }).first().waitFor();
  });

  it('works again once it can be started', async () => {
    const { page } = session;
    writeFileSync(bundle, intact);
    await runCommand(page, 'Strata: Restart Language Server');
    const problems = page.locator('.statusbar-item[id="status.problems"]');
    await problems.filter({ hasText: /[1-9]/ }).waitFor();
  });
});
