import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { showsYamlSyntax, showYamlSyntaxMethod } from '../../protocol/yamlSyntax.ts';
import { isPublished } from '../../server/yamlSyntax.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /configs/common.yaml
db: {host: one}
//- /configs/common-qa.yaml
db: {host: 2}
db: {port: 1}
//- /configs/shop.yaml
shop: {port: 1
`;

describe('problems with the syntax of YAML', () => {
  let client: TestClient;
  let folder: string;
  const start = async (yamlSyntax?: boolean) => {
    folder = writeFiles(files);
    client = await startClient([folder], { initializationOptions: { yamlSyntax } });
  };
  const codes = (name: string) =>
    client
      .diagnostics(path.join(folder, 'configs', name))
      .map(({ code }) => code)
      .sort();
  const isShowing = (shop: string[], qa: string[]) =>
    client.until(() => `${codes('shop.yaml')} ${codes('common-qa.yaml')}` === `${shop} ${qa}`);
  afterEach(() => client.stop());

  it('are shown to an editor that says nothing of them', async () => {
    await start();
    await isShowing(['yaml-syntax'], ['duplicate-key', 'type-mismatch']);
  });

  it('are left out for one that has them from elsewhere, until it says otherwise', async () => {
    await start(false);
    await isShowing([], ['type-mismatch']);
    const show = (shown: unknown) => client.connection.sendNotification(showYamlSyntaxMethod, shown);
    await show(true);
    await isShowing(['yaml-syntax'], ['duplicate-key', 'type-mismatch']);
    await show('nonsense');
    await show(false);
    await isShowing([], ['type-mismatch']);
  });
});

it('only syntax is left to others', () => {
  expect(isPublished('yaml-syntax', false)).toBe(false);
  expect(isPublished('duplicate-key', false)).toBe(false);
  expect(isPublished('type-mismatch', false)).toBe(true);
  expect(isPublished('yaml-syntax', true)).toBe(true);
});

it.each([
  ['auto', true, false],
  ['auto', false, true],
  ['always', true, true],
  ['never', false, false],
  [undefined, true, false],
  [undefined, false, true],
])('the setting %s, where another extension shows syntax or not (%s), means %s', (setting, other, shown) => {
  expect(showsYamlSyntax(setting, other)).toBe(shown);
});
