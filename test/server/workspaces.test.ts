import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LayerSource } from '../../core/source.ts';
import { diskSource } from '../../disk/diskSource.ts';
import { isWorkspaceList, type WorkspaceList, workspacesMethods } from '../../protocol/workspaces.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const manifest = `configs: [configs]
artifacts: {store: built, trust: {unsigned: true}}
apps: {shop: shop}
environments: {qa: , production: {clusters: [us], protected: true}}
balancers:
  front: {environment: production, haproxy: {address: "tcp://lb:9999"}}
boxes:
  us1: {url: "https://us1.example:7878", environment: production, cluster: us, apps: [shop], labels: {rack: r1}}
`;

let folder: string;
let client: TestClient;

beforeEach(async () => {
  folder = writeFiles(
    `\n//- /strata.yaml\n${manifest}//- /configs/common.yaml\na: 1\n//- /shop/deploy/configuration/shop-default.yaml\n`,
  );
  client = await startClient([folder]);
});

afterEach(() => client.stop());

async function ask(): Promise<WorkspaceList['workspaces'][number] | undefined> {
  const answer = await client.connection.sendRequest<unknown>(workspacesMethods.workspaces);
  if (!isWorkspaceList(answer)) throw new Error(JSON.stringify(answer));
  return answer.workspaces[0];
}

it('tells what a workspace deploys, and where', async () => {
  expect(await ask()).toEqual({
    root: uriOfFile(folder),
    manifest: uriOfFile(path.join(folder, 'strata.yaml')),
    mistake: null,
    apps: [{ name: 'shop', folder: uriOfFile(path.join(folder, 'shop')) }],
    environments: [
      { name: 'qa', clusters: [], isProtected: false },
      { name: 'production', clusters: ['us'], isProtected: true },
    ],
    boxes: [
      {
        ...{ name: 'us1', url: 'https://us1.example:7878', environment: 'production', cluster: 'us' },
        ...{ apps: ['shop'], labels: { rack: 'r1' } },
      },
    ],
    balancers: [
      {
        ...{ name: 'front', environment: 'production', cluster: null, apps: null },
        ...{ drainMs: 30_000, timeoutMs: 60_000, commands: null },
        haproxy: { address: 'tcp://lb:9999', backend: '{app}', server: '{box}' },
      },
    ],
    configs: [uriOfFile(path.join(folder, 'configs'))],
    artifacts: { store: path.join(folder, 'built'), trust: { keys: [], unsigned: ['*'] } },
  });
});

it('tells when a manifest says something else, and what is wrong with it', async () => {
  const told = new Promise<WorkspaceList>((resolve) => {
    client.connection.onNotification(workspacesMethods.changed, (list: WorkspaceList) => {
      if (list.workspaces.some(({ mistake }) => mistake !== null)) resolve(list);
    });
  });
  await client.open(
    path.join(folder, 'strata.yaml'),
    manifest.replace('us1.example:7878', 'us1.example:99999x'),
  );
  const [workspace] = (await told).workspaces;
  expect(workspace?.mistake).toContain('names no host');
  expect(workspace?.boxes).toEqual([]);
});

/** The disk, on which a file becomes another one straight after it was read for the first time. */
function changing(file: string, change: () => void): LayerSource {
  const disk = diskSource();
  let isRead = false;
  return {
    ...disk,
    read(one) {
      const found = disk.read(one);
      if (one === file && !isRead) {
        isRead = true;
        change();
      }
      return found;
    },
  };
}

it('sees what happens to a manifest before the editor watches it', async () => {
  const file = path.join(folder, 'strata.yaml');
  const more = `${manifest}  us2: {url: "https://us2.example:7878", environment: qa}\n`;
  const other = await startClient(
    [folder],
    {},
    changing(file, () => fs.writeFileSync(file, more)),
  );
  const told = new Promise<WorkspaceList>((resolve) => {
    other.connection.onNotification(workspacesMethods.changed, (list: WorkspaceList) => {
      if (list.workspaces[0]?.boxes.length === 2) resolve(list);
    });
  });
  expect((await told).workspaces[0]?.boxes.map(({ name }) => name)).toEqual(['us1', 'us2']);
  await other.stop();
});

it('sees layers that change, and files that come, before the editor watches them', async () => {
  const layer = path.join(folder, 'shop/deploy/configuration/shop-default.yaml');
  const other = await startClient(
    [folder],
    {},
    changing(layer, () => {
      fs.writeFileSync(layer, 'shop: [\n');
      fs.writeFileSync(path.join(folder, 'configs/common-qa.yaml'), 'b: [\n');
    }),
  );
  await other.until(() => other.diagnostics(layer).length > 0);
  await other.until(() => other.diagnostics(path.join(folder, 'configs/common-qa.yaml')).length > 0);
  await other.stop();
});
