import { describe, expect, it } from 'vitest';
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver/node';
import { type ContextList, methods } from '../../protocol/contexts.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { mapSource, parseFixture } from '../support/fixture.ts';
import { startClient } from '../support/languageServer.ts';

/** A server on files in memory. */
async function serverOn(folders: readonly string[], text: string) {
  const { files } = parseFixture(text);
  const client = await startClient(folders, {}, mapSource(files));
  return {
    client,
    async write(file: string, content: string) {
      files.set(file, content);
      const type: FileChangeType = FileChangeType.Changed;
      const changes = [{ uri: uriOfFile(file), type }];
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    },
    settled: () => client.connection.sendRequest(methods.settled),
    messages: (file: string) => client.diagnostics(file).map((one) => one.message),
  };
}

describe('strata/settled', () => {
  it('is answered when the problems of all changes are published', async () => {
    const server = await serverOn(
      ['/w'],
      `
      //- /w/configs/common.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: 1
      `,
    );
    await server.settled();
    expect(server.client.diagnostics('/w/shop/deploy/configuration/shop-default.yaml')).toHaveLength(1);
    await server.write('/w/configs/common.yaml', 'a: 2\n');
    await server.settled();
    expect(server.client.diagnostics('/w/shop/deploy/configuration/shop-default.yaml')).toEqual([]);
    await server.settled();
    await server.client.stop();
  });
});

describe('what the editor is shown', () => {
  it('counts a file that is not saved yet, also one that is open from the beginning', async () => {
    const server = await serverOn(
      ['/w'],
      `
      //- /w/configs/common.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: 2
      `,
    );
    await server.client.open('/w/configs/common-qa.yaml', 'a: 3\n');
    await server.settled();
    const list = await server.client.connection.sendRequest<ContextList>(methods.contexts);
    expect(list.contexts.map(({ label }) => label)).toEqual(['qa']);
    await server.client.stop();
  });

  it('is told by all workspaces that share a central directory', async () => {
    const manifest = 'configs: [../central]\n      apps: {shop: shop}\n      environments: [qa]';
    const server = await serverOn(
      ['/one', '/two'],
      `
      //- /one/strata.yaml
      ${manifest}
      //- /one/shop/deploy/configuration/shop-default.yaml
      a: one
      //- /two/strata.yaml
      ${manifest}
      //- /two/shop/deploy/configuration/shop-default.yaml
      b: one
      //- /central/common.yaml
      shop: 1
      //- /central/shop-overrides.yaml
      a: 1
      b: 1
      `,
    );
    await server.settled();
    const told = [
      'a: refusing to replace a string with an integer [qa]',
      'b: refusing to replace a string with an integer [qa]',
    ];
    expect(server.messages('/central/shop-overrides.yaml').sort()).toEqual(told);
    await server.write('/two/shop/deploy/configuration/shop-default.yaml', 'b: 2\n');
    await server.settled();
    expect(server.messages('/central/shop-overrides.yaml')).toEqual(told.slice(0, 1));
    await server.client.stop();
  });
});
