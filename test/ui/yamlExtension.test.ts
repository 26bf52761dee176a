// Strata beside the extension YAML by Red Hat, which an empty extension of its name stands in for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile } from '../../scripts/vscode-host/workbench.mjs';
import { type Session, startSession } from './session.ts';

describe('beside another extension for YAML', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-yaml-'));
  let session: Session;

  beforeAll(async () => {
    const beside = await emptyYamlExtension(folder);
    session = await startSession({ beside: [beside] });
  });
  afterAll(async () => {
    await session?.close();
    rmSync(folder, { recursive: true });
  });

  it('the syntax of YAML is left to that one', async () => {
    const { page } = session;
    await openFile(page, 'configs/common-qa.yaml');
    await page.keyboard.press('Control+Home');
    // What follows it in the file is a second `common`, and a port is an integer below.
    await page.keyboard.insertText('common: { db: { port: wrong } }\n');
    const underlined = page.locator('.editor-group-container.active .squiggly-error');
    await underlined.first().waitFor();
    expect(await underlined.count()).toBe(1);
  });
});

/** The package of an extension of that name which does nothing. */
async function emptyYamlExtension(cwd: string): Promise<string> {
  const manifest = {
    name: 'vscode-yaml',
    publisher: 'redhat',
    version: '1.0.0',
    engines: { vscode: '^1.100.0' },
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(cwd, 'README.md'), 'Stands in for another extension.\n');
  const packagePath = join(cwd, 'yaml.vsix');
  await createVSIX({
    cwd,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}
