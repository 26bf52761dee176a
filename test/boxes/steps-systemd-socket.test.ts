import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, newBox, uploadApp } from '../agent/support/box.ts';
import { configure, deploy, packagesAt, storeAt } from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import { startLoad } from '../support/boxes/pairBox.ts';

const store = newBox();
let fleet: Fleet;
let box: Box;

const app = fs.readFileSync(path.resolve(import.meta.dirname, '../support/boxes/socketApp/server.mjs'));
const units = 'deploy/templates/systemd';
const service = `[Service]
User=shop
ExecStart=/usr/lib/strata-agent/bin/node /srv/shop/live/server.mjs
[Install]
WantedBy=multi-user.target
`;
const socket = `[Socket]
ListenStream=8080
[Install]
WantedBy=sockets.target
`;

/** An app that is one process. */
const oneProcess: Files = {
  'server.mjs': app,
  [`${units}/shop.service`]: service,
  'deploy/steps.yaml':
    'systemd: { settle: 300ms }\nhealth: { http: "http://127.0.0.1:8080/", interval: 50ms }\n',
};

beforeAll(async () => {
  for (const at of ['1', '2']) {
    await uploadApp(store, `socket-${at}`, { ...oneProcess, [`${units}/shop.socket`]: socket });
    await uploadApp(store, `own-${at}`, oneProcess);
  }
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  fleet = await startFleet(1, binds);
  box = fleet.boxes[0] as Box;
  await configure(box, 'steps: { system: true }\n');
  await box.sh(`dpkg -i ${packagesAt}/old.deb; strata-agent init; systemctl start strata-agent`);
});
afterAll(() => fleet?.stop());

const serving = () => box.sh('curl --silent --fail http://127.0.0.1:8080/');

async function deployed(request: { version?: string; rollback?: boolean }, version: string): Promise<void> {
  expect(await deploy(box, request)).toMatchObject({ result: 'done', version });
  expect(await serving()).toBe(`${version} 0\n`);
}

describe('one process', () => {
  it('whose socket systemd keeps loses no request in a deployment and a rollback', async () => {
    await deployed({ version: 'socket-1' }, 'socket-1');
    const load = startLoad(fleet, box);
    await deployed({ version: 'socket-2' }, 'socket-2');
    load.phase('rollback');
    await deployed({ rollback: true }, 'socket-1');
    const { failures, failed, kinds, count, times } = await load.end();
    expect({ failures, failed }).toEqual({ failures: 0, failed: [] });
    for (const kind of ['kept', 'new', 'slow', 'upload']) expect(kinds[kind]).toBeGreaterThan(0);
    console.log(`with a socket: ${count} requests, none lost, ${JSON.stringify(times)} ms`);
  });

  it('that listens itself loses some: the load can tell', async () => {
    await deployed({ version: 'own-1' }, 'own-1');
    const load = startLoad(fleet, box);
    await deployed({ version: 'own-2' }, 'own-2');
    const { failures, count } = await load.end();
    console.log(`without a socket: ${count} requests, ${failures} lost`);
    expect(failures).toBeGreaterThan(0);
    expect(await box.sh('systemctl is-active shop.socket || true')).toBe('inactive\n');
  });
});
