import { expect, it } from 'vitest';
import {
  DiagnosticRefreshRequest,
  DocumentDiagnosticRequest,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver/node';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { mapSource, parseFixture } from '../support/fixture.ts';
import { startClient } from '../support/languageServer.ts';

const files = `
//- /w/strata.yaml
configs: [configs]
apps: {shop: .}
environments: [qa]
//- /w/configs/common.yaml
db: {host: one}
//- /w/configs/common-qa.yaml
db: {host: 2}
//- /w/configs/shop.yaml
shop: {port: 1}
`;
const [common, qa] = ['/w/configs/common.yaml', '/w/configs/common-qa.yaml'];

async function start() {
  const client = await startClient(
    ['/w'],
    {
      initializationOptions: { diagnostics: 'pull' },
      capabilities: { workspace: { diagnostics: { refreshSupport: true } } },
    },
    mapSource(parseFixture(files).files),
  );
  let refreshed = () => {};
  client.connection.onRequest(DiagnosticRefreshRequest.type, () => refreshed());
  const nextRefresh = () => new Promise<void>((resolve) => (refreshed = resolve));
  const ask = (file: string, previousResultId?: string) =>
    client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri: uriOfFile(file) },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  return { client, ask, nextRefresh };
}

it('tells the problems of a document when asked, and pushes none', async () => {
  const { client, ask } = await start();
  expect(client.capabilities.diagnosticProvider).toEqual({
    interFileDependencies: true,
    workspaceDiagnostics: true,
  });
  const first = await ask(qa);
  expect(first).toMatchObject({ kind: 'full', items: [{ code: 'type-mismatch' }] });
  const { resultId } = first;
  expect(await ask(qa, resultId)).toEqual({ kind: 'unchanged', resultId });
  await client.open(common, 'db: {host: 1}\n');
  expect(await ask(qa, resultId)).toMatchObject({ kind: 'full', items: [] });
  expect(await ask('/w/configs/none.yaml')).toMatchObject({ kind: 'full', items: [] });
  expect(client.published.size).toBe(0);
  await client.stop();
});

it('tells those of all documents, and takes back what is gone', async () => {
  const { client, nextRefresh } = await start();
  const all = (previousResultIds: { uri: string; value: string }[]) =>
    client.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds });
  const { items } = await all([]);
  expect(items.map(({ uri, kind }) => [uri, kind])).toEqual([[uriOfFile(qa), 'full']]);
  const known = items.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));
  expect((await all(known)).items.map(({ kind }) => kind)).toEqual(['unchanged']);
  const asked = nextRefresh();
  await client.open(common, 'db: {host: 1}\n');
  await asked;
  expect((await all(known)).items).toMatchObject([{ uri: uriOfFile(qa), kind: 'full', items: [] }]);
  await client.stop();
});
