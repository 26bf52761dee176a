import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
} from 'vscode-languageserver/node';
import { type ContextList, methods } from '../../protocol/contexts.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { run } from '../support/cli.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const many = Array.from({ length: 500 }, (_, index) => `configs/common-env${index}.yaml`);

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
//- /configs/common.yaml
db: {host: one, port: 1}
//- /configs/common-qa.yaml
db: {port: 2}
`;

let folder: string;
let client: TestClient;
let told: ContextList[];

async function start(params: Partial<InitializeParams> = {}): Promise<void> {
  folder = writeFiles(files);
  client = await startClient([folder], params);
  told = [];
  client.connection.onNotification(methods.contextsChanged, (list: ContextList) => void told.push(list));
  // What is told of the folders that are open goes before this answer.
  await client.connection.sendRequest(methods.contexts);
  told = [];
}

function at(file: string): string {
  return path.join(folder, file);
}

async function notify(names: readonly string[], type: FileChangeType, each: number): Promise<void> {
  const events = names.map((name): FileEvent => ({ uri: uriOfFile(at(name)), type }));
  for (let start = 0; start < events.length; start += each) {
    const changes = events.slice(start, start + each);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  }
}

/** Until every change so far has had its effect: a change of one more file has. */
async function settled(): Promise<void> {
  const isBroken = () => client.diagnostics(at('configs/common-qa.yaml')).length > 0;
  const before = isBroken();
  writeFile(folder, 'configs/common-qa.yaml', before ? 'db: {port: 2}\n' : 'db: {port: two}\n');
  await notify(['configs/common-qa.yaml'], FileChangeType.Changed, 1);
  await client.until(() => isBroken() !== before);
}

function published(): number[] {
  return many.map((name) => client.publications(at(name)));
}

afterEach(() => client.stop());

describe('500 files that change on the disk', () => {
  beforeEach(() => start());

  it.each([
    ['one notification', 500],
    ['500 notifications', 1],
    ['some notifications', 7],
  ])('are one change, told of in %s', async (_, each) => {
    for (const name of many) writeFile(folder, name, 'db: {host: 2}\n');
    await notify(many, FileChangeType.Created, each);
    const { contexts } = (await client.connection.sendRequest(methods.contexts)) as ContextList;
    expect(contexts).toHaveLength(501);
    await settled();
    await client.until(() => published().every((count) => count > 0));
    expect(told).toHaveLength(1);
    expect(Math.max(...published())).toBeLessThanOrEqual(2);

    for (const name of many) writeFile(folder, name, 'db: {host: two}\n');
    await notify(many, FileChangeType.Changed, each);
    await settled();
    await client.until(() => many.every((name) => client.diagnostics(at(name)).length === 0));
    expect(told).toHaveLength(1);
    expect(Math.max(...published())).toBeLessThanOrEqual(4);
  });

  it('are not told of as other contexts where these stay the same', async () => {
    writeFile(folder, 'configs/shop.yaml', 'shop: {port: 1}\n');
    await notify(['configs/shop.yaml'], FileChangeType.Created, 1);
    await settled();
    expect(told).toEqual([]);
  });
});

describe('a branch that is checked out', () => {
  it('is one change for a server that watches by itself', async () => {
    await start({ capabilities: {} });
    const env = { GIT_CONFIG_GLOBAL: path.join(folder, 'none'), GIT_CONFIG_NOSYSTEM: '1' };
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder, env });
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '.');
    await git('commit', '--quiet', '--message=few');
    const before = client.publications(at('configs/common-env0.yaml'));
    await git('checkout', '--quiet', '-b', 'wide');
    rmSync(at('configs/common-qa.yaml'));
    for (const name of many) writeFile(folder, name, 'db: {host: 2}\n');
    await git('add', '.');
    await git('commit', '--quiet', '--message=many');
    await client.until(() => many.every((name) => client.diagnostics(at(name)).length === 1));
    expect(before).toBe(0);

    const labels = () => told.at(-1)?.contexts.map((one) => one.label) ?? [];
    const isTold = async (holds: () => boolean) => {
      while (!holds()) await client.connection.sendRequest(methods.contexts);
    };
    told = [];
    expect((await git('checkout', '--quiet', 'main')).code).toBe(0);
    await client.until(() => many.every((name) => client.diagnostics(at(name)).length === 0));
    await isTold(() => `${labels()}` === 'qa');
    // On a busy machine, git takes longer than a burst may.
    expect(told.length).toBeLessThan(20);

    told = [];
    expect((await git('checkout', '--quiet', 'wide')).code).toBe(0);
    await client.until(() => many.every((name) => client.diagnostics(at(name)).length === 1));
    await isTold(() => labels().length === 500);
    expect(told.length).toBeLessThan(20);
    expect(Math.max(...published())).toBeLessThan(40);
  });

  it('may take folders of layers away and bring them back', async () => {
    await start({ capabilities: {} });
    const shown = (holds: (codes: unknown[]) => boolean) =>
      client.until(() => holds(client.diagnostics(at('configs/common-qa.yaml')).map(({ code }) => code)));
    writeFile(folder, 'configs/common-qa.yaml', 'db: {port: two}\n');
    await shown((codes) => codes.includes('type-mismatch'));
    rmSync(at('configs'), { recursive: true });
    await shown((codes) => codes.length === 0);
    writeFile(folder, 'configs/common-qa.yaml', 'db: {port: two}\n');
    writeFile(folder, 'configs/common.yaml', 'db: {port: 1}\n');
    await shown((codes) => codes.includes('type-mismatch'));
    // So quickly that the folder is there again when the server hears of it.
    rmSync(at('configs'), { recursive: true });
    writeFile(folder, 'configs/common-qa.yaml', 'db: {port: 2}\n');
    writeFile(folder, 'configs/common.yaml', 'db: {port: 1}\n');
    await shown((codes) => codes.length === 0);
    writeFile(folder, 'configs/common-qa.yaml', 'db: {port: two}\n');
    await shown((codes) => codes.includes('type-mismatch'));
  });
});
