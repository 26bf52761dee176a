import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  ConfigurationRequest,
  type InitializeParams,
  LSPErrorCodes,
  ReferencesRequest,
  type ResponseError,
  WorkDoneProgress,
} from 'vscode-languageserver/node';
import { defaultCodeSearch, readCodeSearch } from '../../server/codeSearch.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const layer = 'db: {host: one}\n';
const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /configs/common.yaml
${layer}//- /configs/common-qa.yaml
db: {host: two}
//- /shop/deploy/configuration/public-data.yaml
- db.host
//- /shop/a.py
# 😀
connect("ü", conf["db"]["host"])
`;

let folder: string;
let client: TestClient;

async function start(params: Partial<InitializeParams> = {}): Promise<void> {
  folder = writeFiles(files);
  client = await startClient([folder], params);
  await client.open(path.join(folder, 'configs/common.yaml'), layer);
}

function question() {
  return {
    textDocument: { uri: uriOfFile(path.join(folder, 'configs/common.yaml')) },
    position: { line: 0, character: 6 },
    context: { includeDeclaration: true },
  };
}

async function found(): Promise<string[]> {
  const places = (await client.connection.sendRequest(ReferencesRequest.type, question())) ?? [];
  return places.map(({ uri, range: { start } }) => `${path.basename(uri)}:${start.line}:${start.character}`);
}

describe('references in code', () => {
  afterEach(() => client.stop());

  it('come behind those in layers and public data', async () => {
    await start();
    expect(await found()).toEqual([
      'common-qa.yaml:0:5',
      'common.yaml:0:5',
      'public-data.yaml:0:5',
      'a.py:1:25',
    ]);
  });

  it('count characters as the editor does', async () => {
    await start({ capabilities: { general: { positionEncodings: ['utf-8'] } } });
    expect((await found()).at(-1)).toBe('a.py:1:26');
  });

  it('can be turned off', async () => {
    await start({
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      },
    });
    client.connection.onRequest(ConfigurationRequest.type, () => [{ references: { code: { roots: [] } } }]);
    // Settings are asked for behind the back of the first answers.
    let last = await found();
    while (last.length > 3) last = await found();
    expect(last.at(-1)).toBe('public-data.yaml:0:5');
  });

  it('show progress where the editor asks for it, and end when nobody waits any more', async () => {
    await start();
    for (let index = 0; index < 2000; index++)
      writeFile(folder, `shop/lib/${index % 50}/${index}.js`, 'conf.db.host');
    const kinds: string[] = [];
    const whole = { ...question(), workDoneToken: 'whole' };
    client.connection.onProgress(WorkDoneProgress.type, 'whole', ({ kind }) => void kinds.push(kind));
    expect(await client.connection.sendRequest(ReferencesRequest.type, whole)).toHaveLength(2004);
    expect(kinds).toEqual(['begin', 'end']);

    const source = new CancellationTokenSource();
    const half = { ...question(), workDoneToken: 'half' };
    client.connection.onProgress(WorkDoneProgress.type, 'half', () => source.cancel());
    const answer = client.connection.sendRequest(ReferencesRequest.type, half, source.token);
    const code = await answer.then(
      () => 'answered',
      (error: ResponseError) => error.code,
    );
    expect(code).toBe(LSPErrorCodes.RequestCancelled);
  });
});

it('the setting may be left out, in part, or be nonsense', () => {
  expect(readCodeSearch(undefined)).toEqual(defaultCodeSearch);
  expect(readCodeSearch({ roots: 'config', files: [1] })).toEqual(defaultCodeSearch);
  expect(readCodeSearch({ roots: ['env', 'a(', ''], files: ['*.rb', '.go', 'rs'] })).toEqual({
    roots: ['env'],
    endings: ['rb', 'go', 'rs'],
  });
  expect(readCodeSearch({ files: [] })).toEqual({ ...defaultCodeSearch, endings: [] });
});
