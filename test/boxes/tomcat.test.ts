import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, newBox, uploadApp } from '../agent/support/box.ts';
import {
  begin,
  configure,
  deploy,
  ended,
  packagesAt,
  planned,
  says,
  storeAt,
} from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';
import { newFolder } from '../support/repository.ts';

const store = newBox();
let fleet: Fleet;
let box: Box;

beforeAll(async () => {
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  fleet = await startFleet(1, binds, 'servers');
  box = fleet.boxes[0] as Box;
  await configure(box, 'steps: { system: true }\n');
  await box.sh(`dpkg -i ${packagesAt}/old.deb; strata-agent init; systemctl start strata-agent`);
  // Looks for new versions each second, in place of every ten.
  await box.sh(`rm -r /var/lib/tomcat10/webapps/ROOT; sed -i \
    -e 's/<Engine name="Catalina"/& backgroundProcessorDelay="1"/' -e 's/<Host name="localhost"/& undeployOldVersions="true"/' \
    /etc/tomcat10/server.xml`);
  await startTomcat();
});
afterAll(() => fleet?.stop());

async function startTomcat(): Promise<void> {
  await box.sh(
    'systemctl restart tomcat10; until curl -s -o /dev/null http://127.0.0.1:8080/; do sleep 0.1; done',
  );
}

/** A web app of pages that tomcat compiles: there is no compiler for servlets in a box. */
function pages(version: string, more: Files = {}, timeout = '30s'): Files {
  return {
    'shop/WEB-INF/web.xml': webXml(''),
    'shop/index.jsp': `<%@page session="false"%>v${version}`,
    'shop/begin.jsp': `<% session.setAttribute("a", "b"); %>v${version}`,
    'shop/end.jsp': `<% session.invalidate(); %>v${version}`,
    'deploy/steps.yaml': `tomcat: { timeout: ${timeout} }\n`,
    ...more,
  };
}

const webXml = (text: string) =>
  `<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">${text}</web-app>\n`;

const put = (version: string, more: Files = {}, timeout = '30s') =>
  uploadApp(store, version, pages(version, more, timeout));

/** Does something while others ask for the page. @returns how often they got what. */
async function whileAsked(work: () => Promise<void>): Promise<Record<string, number>> {
  const stop = path.join(newFolder(), 'stop');
  const script = path.resolve(import.meta.dirname, '../support/boxes/askAlong.mjs');
  const asking = fleet.run([process.execPath, script, `http://${box.address}:8080/`, stop]);
  try {
    await work();
  } finally {
    fs.writeFileSync(stop, '');
  }
  return JSON.parse((await asking).stdout);
}

const names = (folder: string) => fs.readdirSync(box.path(folder)).sort();
const deployed = () => names('/etc/tomcat10/Catalina/localhost');
const farms = () => names('/srv/shop/tomcat-contexts');
const get = (page = '', more = '') => box.sh(`curl -sf ${more} http://127.0.0.1:8080/${page}`);

describe('a web app in tomcat', () => {
  it('is deployed as a version of its own, of links to the release', async () => {
    await put('1', {
      'shop/META-INF/context.xml': '<!-- <Context> --><Context sessionTimeout="5"></Context>',
    });
    const plan = await planned(box, { version: '1' });
    expect(plan).toMatchObject({ obstacles: [], notes: ['tomcat: ROOT##00000001-1 is deployed'] });
    expect(plan.files.map((one) => one.path)).toEqual([
      'configuration.json',
      '/etc/tomcat10/Catalina/localhost/ROOT##00000001-1.xml',
    ]);
    const { lines, ...deployment } = await deploy(box, { version: '1', plan: plan.digest });
    expect(deployment, lines.join('\n')).toMatchObject({ result: 'done' });
    expect(await get()).toBe('v1');
    const [release, farm] = ['versions/1/shop', 'tomcat-contexts/ROOT##00000001-1'].map(
      (one) => fs.statSync(box.path(`/srv/shop/${one}/index.jsp`)).ino,
    );
    expect(farm).toBe(release);
  });

  it('gives way to the next version without a request that fails, and is undeployed', async () => {
    for (const version of ['2', '3']) await put(version);
    const found = await whileAsked(async () => {
      for (const version of ['2', '3'])
        expect(await deploy(box, { version })).toMatchObject({ result: 'done' });
    });
    expect(Object.keys(found).sort()).toEqual(['200 v1', '200 v2', '200 v3']);
    expect(deployed()).toEqual(['ROOT##00000003-3.xml']);
    expect(farms()).toEqual(['ROOT##00000002-2', 'ROOT##00000003-3']);
  });

  it('stays for its sessions, which is told, and goes with them; also where the agent is killed meanwhile', async () => {
    await put('4', {}, '6s');
    expect(await get('begin.jsp', '-c /tmp/cookies')).toBe('v3');
    const id = await begin(box, { version: '4' });
    const beside =
      'ROOT##00000004-4 is deployed beside ROOT##00000003-3, which goes when its sessions are over';
    await says(box, id, beside);
    await box.sh('systemctl kill --signal=KILL strata-agent; systemctl restart strata-agent');
    const { told, ...deployment } = await ended(box, id);
    expect(deployment).toMatchObject({ result: 'done' });
    expect(told).toContain(
      'tomcat: still there after 6 s: ROOT##00000003-3; tomcat ends it when its sessions are over',
    );
    expect([await get(), await get('begin.jsp', '-b /tmp/cookies')]).toEqual(['v4', 'v3']);
    await get('end.jsp', '-b /tmp/cookies');
    await box.sh(
      "cd /etc/tomcat10/Catalina/localhost; while [ -e 'ROOT##00000003-3.xml' ]; do sleep 0.1; done",
    );
    expect(deployed()).toEqual(['ROOT##00000004-4.xml']);
  });

  it('goes on where the next one does not start', async () => {
    const listener = '<listener><listener-class>no.such.Listener</listener-class></listener>';
    await put('5', { 'shop/WEB-INF/web.xml': webXml(listener) }, '6s');
    const found = await whileAsked(async () => {
      const { lines, ...deployment } = await deploy(box, { version: '5' });
      expect(deployment).toMatchObject({
        result: 'rolled_back',
        reason: expect.stringContaining(
          'ROOT##00000005-5 does not answer after 6 s at http://127.0.0.1:8080',
        ),
      });
      expect(lines.join('\n')).toContain('Context [##00000005-5] startup failed');
    });
    expect(Object.keys(found)).toEqual(['200 v4']);
    expect(deployed()).toEqual(['ROOT##00000004-4.xml']);
  });

  it('comes back as the newest where a later check fails, without a request that fails', async () => {
    await put('6', { 'deploy/hooks/validate': 'exit 1' });
    const found = await whileAsked(async () => {
      const { told, ...deployment } = await deploy(box, { version: '6' });
      expect(deployment, told.join('\n')).toMatchObject({ result: 'rolled_back' });
      expect(told).toContain('tomcat: ROOT##00000004-4 comes back as ROOT##00000007-4');
    });
    expect(Object.keys(found).sort()).toEqual(['200 v4', '200 v6']);
    expect(await get()).toBe('v4');
    expect(deployed()).toEqual(['ROOT##00000007-4.xml']);
  });

  it('takes the place of the one before in a Host that does not undeploy by itself', async () => {
    await box.sh(`sed -i 's/ undeployOldVersions="true"//' /etc/tomcat10/server.xml`);
    await startTomcat();
    await put('7');
    const found = await whileAsked(async () => {
      const { told, ...deployment } = await deploy(box, { version: '7' });
      expect(deployment).toMatchObject({ result: 'done' });
      expect(told.join('\n')).toContain('ROOT##00000007-4 is taken away with its sessions');
    });
    expect(Object.keys(found).sort()).toEqual(['200 v4', '200 v7']);
    expect(deployed()).toEqual(['ROOT##00000008-7.xml']);
    expect(await deploy(box, { rollback: true })).toMatchObject({ result: 'done', version: '4' });
    expect(await get()).toBe('v4');
  });
});
