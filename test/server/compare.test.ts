import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver/node';
import { type CompareResult, type CompareSide, compareMethods } from '../../protocol/compare.ts';
import { type EffectiveDocument, effectiveMethods } from '../../protocol/effective.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: {qa: , production: {clusters: [us]}}
//- /configs/common.yaml
db:
  host: one
ports: [1]
//- /configs/common-production.yaml
db: {host: two}
//- /shop/deploy/configuration/shop-default.yaml
shop: {port: 1, name: "ü😀"}
//- /shop/deploy/configuration/local/common-local.yaml
here: 1
`;

let folder: string;
let client: TestClient;

/** Runs git as somebody, whoever runs the tests. */
function git(at: string, ...args: string[]): void {
  const who = [
    '-c',
    'user.name=Tester',
    '-c',
    'user.email=tester@example.com',
    '-c',
    'init.defaultBranch=main',
  ];
  execFileSync('git', ['-C', at, ...who, ...args], { stdio: 'pipe' });
}

function commit(at: string): void {
  git(at, 'add', '--all');
  git(at, 'commit', '--quiet', '--message', 'layers', '--no-gpg-sign');
}

function side(label: string, more: Partial<CompareSide> = {}): CompareSide {
  const [environment = '', cluster = null] = label.split('/');
  return { context: { app: 'shop', environment, cluster, mode: 'deploy', label }, ...more };
}

async function compare(left: CompareSide, right: CompareSide): Promise<string[]> {
  const answer = await client.connection.sendRequest<CompareResult>(compareMethods.compare, { left, right });
  return answer.changes.map(({ setting, kind, left: before, right: after }) => {
    const [one, other] = [before, after].map(
      (it) => it && `${it.value} ${it.file}:${it.line}:${it.character}`,
    );
    return `${kind} ${setting.join('.')}: ${one} → ${other}`;
  });
}

const head = (label: string) => side(label, { ref: 'HEAD' });

beforeEach(async () => {
  folder = writeFiles(files);
  client = await startClient([folder]);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await client.stop();
});

describe('strata/compare', () => {
  it('tells two contexts apart', async () => {
    expect(await compare(side('qa'), side('production/us'))).toEqual([
      'changed db.host: "one" configs/common.yaml:1:2 → "two" configs/common-production.yaml:0:5',
    ]);
    expect(await compare(side('qa'), side('qa'))).toEqual([]);
  });

  it('refuses what is no question, and contexts that are not there', async () => {
    await expect(compare(side('nowhere'), side('qa'))).rejects.toThrow('there is no context shop nowhere');
    const bad = client.connection.sendRequest(compareMethods.compare, { left: side('qa') });
    await expect(bad).rejects.toThrow('two sides are compared');
  });

  it('compares what is typed with the last commit', async () => {
    git(folder, 'init', '--quiet');
    commit(folder);
    const common = path.join(folder, 'configs/common.yaml');
    await client.open(common, '\ndb:\n  host: typed\nports: [1, 2]\n');
    writeFile(folder, 'configs/common-qa.yaml', 'untracked: true\n');
    fs.rmSync(path.join(folder, 'shop/deploy/configuration/shop-default.yaml'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: ['configs/common-qa.yaml', 'shop/deploy/configuration/shop-default.yaml'].map(
        (name, index) => ({
          uri: `file://${folder}/${name}`,
          type: index === 0 ? 1 : 3,
        }),
      ),
    });
    expect(await compare(head('qa'), side('qa'))).toEqual([
      'changed db.host: "one" configs/common.yaml:1:2 → "typed" configs/common.yaml:2:2',
      'changed ports: [1] configs/common.yaml:2:0 → [1, 2] configs/common.yaml:3:0',
      'removed shop.port: 1 shop/deploy/configuration/shop-default.yaml:0:7 → undefined',
      'removed shop.name: "ü😀" shop/deploy/configuration/shop-default.yaml:0:16 → undefined',
      'added untracked: undefined → true configs/common-qa.yaml:0:0',
    ]);
    expect(await compare(head('qa'), head('production/us'))).toHaveLength(1);
  });

  it('shows what was committed as a document, too', async () => {
    git(folder, 'init', '--quiet');
    commit(folder);
    await client.open(path.join(folder, 'configs/common.yaml'), 'db: {host: typed}\n');
    const text = async (params: unknown) =>
      (await client.connection.sendRequest<EffectiveDocument>(effectiveMethods.document, params)).text;
    expect(await text(head('qa'))).toContain('host: one # configs/common.yaml:2\n');
    expect(await text(side('qa'))).toContain('host: typed # configs/common.yaml:1\n');
    expect(await text(side('qa').context)).toBe(await text(side('qa')));
    fs.rmSync(path.join(folder, '.git'), { recursive: true });
    await expect(text(head('qa'))).rejects.toThrow('lies in no git repository');
  });

  it('takes each folder from its own repository, also where it is gone from the disk', async () => {
    for (const name of ['configs', 'shop']) git(path.join(folder, name), 'init', '--quiet');
    for (const name of ['configs', 'shop']) commit(path.join(folder, name));
    writeFile(folder, 'configs/common.yaml', 'db: {host: later}\n');
    commit(path.join(folder, 'configs'));
    fs.rmSync(path.join(folder, 'shop/deploy'), { recursive: true });
    const found = await compare(head('qa'), head('production/us'));
    expect(found).toEqual([
      'changed db.host: "later" configs/common.yaml:0:5 → "two" configs/common-production.yaml:0:5',
    ]);
  });

  it('follows symbolic links within the commit, and none that lead out of it', async () => {
    git(folder, 'init', '--quiet');
    fs.symlinkSync('common-production.yaml', path.join(folder, 'configs/common-qa.yaml'));
    commit(folder);
    expect(await compare(head('qa'), head('production/us'))).toEqual(
      ['changed db.host: "two" configs/common-qa.yaml:0:5 → "two" configs/common-production.yaml:0:5'].slice(
        1,
      ),
    );
    fs.rmSync(path.join(folder, 'configs/common-qa.yaml'));
    fs.symlinkSync('/etc/hostname', path.join(folder, 'configs/common-qa.yaml'));
    commit(folder);
    await expect(compare(head('qa'), side('qa'))).rejects.toThrow(
      'a symbolic link here that leads out of it',
    );
  });

  it('says what keeps it from reading a commit', async () => {
    await expect(compare(head('qa'), side('qa'))).rejects.toThrow(
      `${folder}/configs lies in no git repository`,
    );
    git(folder, 'init', '--quiet');
    await expect(compare(side('qa'), head('qa'))).rejects.toThrow('has no commit yet');
    vi.stubEnv('PATH', path.join(folder, 'nothing'));
    await expect(compare(head('qa'), side('qa'))).rejects.toThrow('git is not installed');
  });

  it('is not led astray by the variables of a git hook', async () => {
    git(folder, 'init', '--quiet');
    commit(folder);
    vi.stubEnv('GIT_DIR', path.join(folder, 'nothing'));
    expect(await compare(head('qa'), side('qa'))).toEqual([]);
  });

  it('can be cancelled', async () => {
    git(folder, 'init', '--quiet');
    commit(folder);
    const source = new CancellationTokenSource();
    const params = { left: head('qa'), right: head('production/us') };
    const answer = client.connection.sendRequest(compareMethods.compare, params, source.token);
    source.cancel();
    await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    expect(await compare(head('qa'), side('qa'))).toEqual([]);
  });
});
