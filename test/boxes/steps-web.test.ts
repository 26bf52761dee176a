import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { type Files, newBox, uploadApp } from '../agent/support/box.ts';
import { begin, configure, deploy, ended, mainPid, packagesAt, storeAt } from '../support/boxes/agentOf.ts';
import type { Box } from '../support/boxes/box.ts';
import { type Fleet, startFleet } from '../support/boxes/fleet.ts';

const store = newBox();
let fleet: Fleet;
let withNginx: Box;
let withApache: Box;

const example = path.resolve(import.meta.dirname, '../../examples/shop');
const exampleAt = '/mnt/example';

beforeAll(async () => {
  fleet = await startFleet(
    2,
    {
      [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '',
      [storeAt]: store.store,
      [exampleAt]: example,
    },
    'servers',
  );
  [withNginx, withApache] = fleet.boxes as [Box, Box];
  for (const box of fleet.boxes) {
    await box.sh(`${packagesAt}/old/install.sh`);
    await configure(box, 'steps: { system: true }\n');
    await box.sh('strata-agent init; systemctl start strata-agent');
  }
});
afterAll(() => fleet?.stop());

/** What a box answers to somebody else in its network. */
async function get(box: Box, host: string, at = '/', port = 80): Promise<string> {
  const script = `require('http').get({ host: '${box.address}', port: ${port}, path: '${at}', agent: false, headers: { host: '${host}' } },
    (answer) => { process.stdout.write(answer.statusCode + ' '); answer.pipe(process.stdout); })`;
  const { code, stdout, stderr } = await fleet.run([process.execPath, '-e', script]);
  return code === 0 ? stdout : stderr;
}

async function plan(box: Box, request: object = {}): Promise<Plan> {
  const body = JSON.stringify({ app: 'shop', ...request });
  const asked = 'curl -s --unix-socket /run/strata/agent.sock -H content-type:application/json';
  return JSON.parse(await box.sh(`${asked} -d '${body}' http://agent/v1/plan`)) as Plan;
}

/** The workers of a web server: it has others after every reload. */
async function workers(box: Box, unit: string): Promise<string> {
  return await box.sh(
    `main=$(systemctl show --property=MainPID --value ${unit}); cat /proc/$main/task/$main/children`,
  );
}

/** All that is of the shop in a folder of configuration, with what links lead to. */
async function files(box: Box, folder: string): Promise<string> {
  return await box.sh(
    `cd ${folder}; find . -path '*shop*' ! -type d -printf '%p %l\\n' -exec cat {} + | sort`,
  );
}

describe('sites of nginx', () => {
  const folder = '/etc/nginx';
  const at = (name: string) => `deploy/templates/nginx/${name}`;
  const site = (name: string, body: string) =>
    `server {\n  listen 80;\n  server_name ${name}.example;\n${body}\n}\n`;
  const www = (text: string) => ({
    [at('www.conf')]: site('www', '  include shop/common.conf;'),
    [at('includes/common.conf')]: `location / { return 200 "{{ cconf.from }} ${text}"; }\n`,
  });
  const admin = { [at('shop-admin.conf')]: site('admin', '  location / { return 200 "admin"; }') };
  const upload = (version: string, more: Files) => uploadApp(store, version, more);
  const asBefore = async (reason: RegExp, result: string, version: string, more: Files) => {
    await upload(version, more);
    const before = [await files(withNginx, folder), await workers(withNginx, 'nginx')];
    const deployment = await deploy(withNginx, { version });
    expect(deployment).toMatchObject({ result, reason: expect.stringMatching(reason) });
    expect(await get(withNginx, 'www.example')).toBe('200 central two');
    expect(await files(withNginx, folder)).toBe(before[0]);
    return { ...deployment, isSame: (await workers(withNginx, 'nginx')) === before[1] };
  };

  it('are told in the plan, put there, and served by a server that is started for them', async () => {
    await upload('1', www('one'));
    const told = await plan(withNginx, { version: '1' });
    expect(told).toMatchObject({
      vhosts: [{ name: 'shop-www.conf', change: 'added' }],
      restarts: [],
      notes: ['nginx: it is not running, and is started'],
      obstacles: [],
    });
    expect(told.files.map((one) => one.path)).toEqual(
      expect.arrayContaining([
        '/etc/nginx/shop/common.conf',
        '/etc/nginx/sites-available/shop-www.conf',
        '/etc/nginx/sites-enabled/shop-www.conf',
      ]),
    );
    expect(await files(withNginx, folder)).toBe('');
    expect(await deploy(withNginx, { version: '1', plan: told.digest })).toMatchObject({ result: 'done' });
    expect(await get(withNginx, 'www.example')).toBe('200 central one');
    expect(await withNginx.sh(`readlink ${folder}/sites-enabled/shop-www.conf`)).toBe(
      '../sites-available/shop-www.conf\n',
    );
  });

  it('are changed by a reload, which the plan tells with what changes', async () => {
    await upload('2', { ...www('two'), ...admin });
    const told = await plan(withNginx, { version: '2' });
    expect(told).toMatchObject({
      vhosts: [{ name: 'shop-admin.conf', change: 'added' }],
      notes: ['nginx is reloaded'],
    });
    const { diff } = told.files.find((one) => one.path === '/etc/nginx/shop/common.conf') ?? {};
    expect(diff).toContain('+location / { return 200 "central two"; }');
    expect(await deploy(withNginx, { version: '2' })).toMatchObject({ result: 'done' });
    expect(await get(withNginx, 'www.example')).toBe('200 central two');
    expect(await get(withNginx, 'admin.example')).toBe('200 admin');
  });

  it('cost no reload where nothing of them changed', async () => {
    const before = await workers(withNginx, 'nginx');
    expect(await deploy(withNginx, { version: '2', force: true })).toMatchObject({ result: 'done' });
    expect(await workers(withNginx, 'nginx')).toBe(before);
  });

  it.each([
    ['nginx refuses them', www('three; nonsense'), /^nginx refuses the configuration: .*/],
    [
      'there are too few',
      { ...www('three'), 'deploy/steps.yaml': 'nginx: { minimum: 2 }\n' },
      /^nginx\.minimum: deploy\/templates\/nginx\/ has 1 of at least 2 sites$/,
    ],
    [
      'two would be one',
      { ...www('three'), [at('shop-www.conf')]: site('x', '') },
      /both become shop-www\.conf: rename one of them$/,
    ],
    [
      'they are in a folder that means nothing',
      { ...www('three'), [at('more/x.conf')]: site('x', '') },
      /sites are at the top of/,
    ],
  ])('change nothing where %s', async (what, more, reason) => {
    const text = what === 'nginx refuses them' ? { [at('www.conf')]: 'server { nonsense on; }\n' } : {};
    const { isSame } = await asBefore(reason, 'failed', `3-${what.replaceAll(' ', '-')}`, {
      ...more,
      ...text,
    });
    expect(isSame).toBe(true);
  });

  it('are put back at once where nginx refuses what the app has made for them; nothing is reloaded', async () => {
    const { isSame } = await asBefore(
      /^nginx refuses the configuration: .*\/live\/made\.conf:1/,
      'rolled_back',
      '4',
      {
        [at('www.conf')]: site('www', '  include /srv/shop/live/made.conf;'),
        'deploy/hooks/prepare': 'echo "nonsense on;" > made.conf\n',
      },
    );
    expect(isSame).toBe(true);
  });

  it('are put back where nginx cannot take them, for another program has the port', async () => {
    await withNginx.sh('systemd-run --quiet --unit=other --service-type=exec python3 -m http.server 7777');
    await withNginx.sh('until curl -s -o /dev/null http://127.0.0.1:7777; do sleep 0.02; done');
    const { lines } = await asBefore(/^nginx did not take the configuration/, 'rolled_back', '5', {
      [at('www.conf')]: 'server { listen 7777; }\n',
    });
    expect(lines.join('\n')).toMatch(/nginx: .*bind\(\) to 0\.0\.0\.0:7777 failed/);
    await withNginx.sh('systemctl stop other');
  });

  it('are those of the release before, with those that went, where a later hook fails', async () => {
    await asBefore(/deployed/, 'rolled_back', '6', {
      ...www('six'),
      'deploy/hooks/deployed': 'curl -s -H "host: www.example" http://127.0.0.1/; exit 3\n',
    }).then(({ lines }) => expect(lines).toContain('deployed: central six'));
    expect(await get(withNginx, 'admin.example')).toBe('200 admin');
  });

  const slowReload =
    '[Service]\nExecReload=\nExecReload=/bin/sh -c "touch /tmp/reloads; until [ -e /tmp/go ]; do sleep 0.02; done"\nExecReload=/usr/sbin/nginx -s reload\n';
  const killed = async (version: string) => {
    await withNginx.sh(
      'mkdir -p /run/systemd/system/nginx.service.d; cat > /run/systemd/system/nginx.service.d/slow.conf; systemctl daemon-reload; rm -f /tmp/reloads /tmp/go',
      slowReload,
    );
    const id = await begin(withNginx, { version });
    await withNginx.sh('until [ -e /tmp/reloads ]; do sleep 0.02; done');
    const before = await mainPid(withNginx);
    await withNginx.sh(`kill -9 ${before}; touch /tmp/go`);
    await withNginx.sh('until systemctl is-active --quiet strata-agent; do sleep 0.02; done');
    await withNginx.sh('rm -r /run/systemd/system/nginx.service.d; systemctl daemon-reload');
    return await ended(withNginx, id);
  };

  it('are put back where the agent was killed in between and the deployment fails then', async () => {
    await upload('7', { ...www('seven'), 'deploy/hooks/deployed': 'exit 3\n' });
    const before = await files(withNginx, folder);
    expect(await killed('7')).toMatchObject({ result: 'rolled_back' });
    expect(await files(withNginx, folder)).toBe(before);
    expect(await get(withNginx, 'www.example')).toBe('200 central two');
  });

  it('are served where the agent was killed in between and the deployment goes on', async () => {
    await upload('8', www('eight'));
    expect(await killed('8')).toMatchObject({ result: 'done' });
    expect(await get(withNginx, 'www.example')).toBe('200 central eight');
  });

  it('serve assets of older releases until their time is over', async () => {
    const body = `  location /static/ { root /srv/shop/live; try_files $uri @older; }
  location @older { rewrite ^/static(/.*)$ $1 break; root /srv/shop/assets; }
  location /hashed/ { alias /srv/shop/assets/; }`;
    for (const version of ['k1', 'k2', 'k3']) {
      const more = { 'deploy/steps.yaml': 'assets: { keep: 7d }\n', [`static/app.${version}.js`]: version };
      await upload(version, { [at('www.conf')]: site('www', body), ...more });
      expect(await deploy(withNginx, { version })).toMatchObject({ result: 'done' });
    }
    const collect = `curl -s --unix-socket /run/strata/agent.sock -H content-type:application/json -d '{"keep":0}' http://agent/v1/apps/shop/gc`;
    const answers = async () =>
      await Promise.all(
        ['/static/app.k1.js', '/hashed/app.k1.js', '/static/app.k2.js', '/static/app.k3.js'].map(
          async (one) => (await get(withNginx, 'www.example', one)).slice(0, 6),
        ),
      );
    await withNginx.sh(collect);
    expect(await withNginx.sh('ls /srv/shop/versions')).not.toContain('k1');
    expect(await answers()).toEqual(['200 k1', '200 k1', '200 k2', '200 k3']);
    // A week and a day go by.
    await withNginx.sh(
      `python3 -c "import json; f = '/srv/shop/.assets.json'; d = json.load(open(f)); d['seen'] = {k: v - 8 * 86400000 for k, v in d['seen'].items()}; json.dump(d, open(f, 'w'))"`,
    );
    await withNginx.sh(collect);
    expect(await answers()).toEqual(['404 <h', '404 <h', '200 k2', '200 k3']);
  });

  it('go when the new version lacks them, the last of them too', async () => {
    expect(await files(withNginx, folder)).not.toContain('admin');
    expect(await get(withNginx, 'admin.example')).not.toBe('200 admin');
    await upload('9', {});
    expect(await plan(withNginx, { version: '9' })).toMatchObject({
      vhosts: [{ name: 'shop-www.conf', change: 'removed' }],
    });
    expect(await deploy(withNginx, { version: '9' })).toMatchObject({ result: 'done' });
    expect(await files(withNginx, folder)).toBe('');
    expect(await get(withNginx, 'www.example')).not.toContain('central eight');
  });

  it('take no place that somebody else has', async () => {
    await withNginx.sh(`echo '# mine' > ${folder}/sites-available/shop-www.conf`);
    const told = '/etc/nginx/sites-available/shop-www.conf is there already, and not of shop';
    expect((await plan(withNginx, { version: '1' })).obstacles).toEqual([expect.stringContaining(told)]);
    expect(await deploy(withNginx, { version: '1' })).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining(told),
    });
    await withNginx.sh(`rm ${folder}/sites-available/shop-www.conf`);
    await uploadApp(
      store,
      '1',
      { 'deploy/templates/nginx/shop-www.conf': '# theirs\n' },
      { app: 'shop-www' },
    );
    expect(await deploy(withNginx, { app: 'shop-www' })).toMatchObject({ result: 'done' });
    const theirs =
      '/etc/nginx/sites-available/shop-www.conf is of the app shop-www: name one of both otherwise';
    expect((await plan(withNginx, { version: '1' })).obstacles).toContain(theirs);
    expect(await deploy(withNginx, { version: '1' })).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining(theirs),
    });
    await uploadApp(store, '2', {}, { app: 'shop-www' });
    expect(await deploy(withNginx, { app: 'shop-www' })).toMatchObject({ result: 'done' });
  });

  it('are in conf.d where the box enables none', async () => {
    await withNginx.sh(`mv ${folder}/sites-enabled /root; sed -i '/sites-enabled/d' ${folder}/nginx.conf`);
    expect(await deploy(withNginx, { version: '1' })).toMatchObject({ result: 'done' });
    expect(await withNginx.sh(`ls ${folder}/conf.d`)).toBe('shop-www.conf\n');
    expect(await get(withNginx, 'www.example')).toBe('200 central one');
  });

  it('of the example are taken, once what is wrong on purpose is mended', async () => {
    await withNginx.sh(`cp -r ${exampleAt}/configs/. /etc/configs`);
    await withNginx.sh("sed -i 's/^environment: qa/environment: integration/' /etc/strata/agent.yaml");
    await withNginx.sh('systemctl restart strata-agent');
    const partsOf = (app: string) =>
      ['configuration', 'templates/nginx'].flatMap((part) => {
        const within = path.join(example, 'apps', app, 'deploy', part);
        return fs.readdirSync(within).map((name): [string, string] => {
          const text = fs.readFileSync(path.join(within, name), 'utf8');
          return [`deploy/${part}/${name}`, text.replace(/^- landing\.analytics\.site_key\n/m, '')];
        });
      });
    await uploadApp(store, '1', Object.fromEntries(partsOf('landing')), { app: 'landing' });
    expect(await deploy(withNginx, { app: 'landing', version: '1' })).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/landing\.conf:\d+:\d+: aconf\.cachetime is not set/),
    });
    for (const app of ['landing', 'storefront']) {
      const mended = partsOf(app).map(([name, text]): [string, string] => [
        name,
        text.replace('aconf.cachetime', 'aconf.cache_time'),
      ]);
      await uploadApp(store, '2', Object.fromEntries(mended), { app });
      expect(await deploy(withNginx, { app, version: '2' })).toMatchObject({ reason: null, result: 'done' });
    }
    await withNginx.sh('nginx -t');
    expect(await withNginx.sh(`ls ${folder}/conf.d`)).toBe('landing.conf\nshop-www.conf\nstorefront.conf\n');
  });

  it('are left out where the box does not let its agent change what it runs', async () => {
    await withNginx.sh("sed -i '/^steps:/d' /etc/strata/agent.yaml; systemctl restart strata-agent");
    await upload('10', www('ten'));
    expect(await plan(withNginx, { version: '10' })).toMatchObject({
      vhosts: [],
      notes: [expect.stringMatching(/^nginx is left out: /)],
    });
    expect(await deploy(withNginx, { version: '10' })).toMatchObject({ result: 'done' });
    expect(await get(withNginx, 'www.example')).toBe('200 central one');
  });
});

describe('sites of Apache', () => {
  const folder = '/etc/apache2';
  const at = (name: string) => `deploy/templates/apache2/${name}`;
  const www = (text: string) => ({
    [at('www.conf')]:
      '<VirtualHost *:80>\n  ServerName www.example\n  Include shop/root.conf\n</VirtualHost>\n',
    [at('includes/root.conf')]:
      'DocumentRoot /srv/shop/live/public\n<Directory /srv/shop>\n  Require all granted\n</Directory>\n',
    'public/index.html': text,
  });
  const other = {
    [at('other.conf')]: '<VirtualHost *:80>\n  ServerName other.example\n  Redirect 410 /\n</VirtualHost>\n',
  };
  const upload = (version: string, more: Files) => uploadApp(store, `a${version}`, more);
  const state = async () => [await files(withApache, folder), await workers(withApache, 'apache2')];

  it('are told, put there as a2ensite does, and served', async () => {
    await upload('1', { ...www('one'), ...other });
    expect(await plan(withApache, { version: 'a1' })).toMatchObject({
      vhosts: [
        { name: 'shop-other.conf', change: 'added' },
        { name: 'shop-www.conf', change: 'added' },
      ],
      notes: ['apache: it is not running, and is started'],
    });
    expect(await deploy(withApache, { version: 'a1' })).toMatchObject({ result: 'done' });
    expect(await get(withApache, 'www.example')).toBe('200 one');
    expect(await get(withApache, 'other.example')).toMatch(/^410 /);
    expect(await withApache.sh('a2query -s shop-www')).toMatch(/^shop-www \(enabled/);
  });

  it('are not changed where Apache refuses them', async () => {
    const before = await state();
    await upload('2', {
      ...www('two'),
      [at('www.conf')]: '<VirtualHost *:80>\n  Nonsense on\n</VirtualHost>\n',
    });
    expect(await deploy(withApache, { version: 'a2' })).toMatchObject({
      result: 'failed',
      reason: expect.stringMatching(/^apache refuses the configuration: .*Nonsense/),
    });
    expect(await state()).toEqual(before);
    expect(await get(withApache, 'www.example')).toBe('200 one');
  });

  it('are those of the release before where Apache ends of them, which it does without a port', async () => {
    const before = await files(withApache, folder);
    await withApache.sh('systemd-run --quiet --unit=other --service-type=exec python3 -m http.server 7777');
    await withApache.sh('until curl -s -o /dev/null http://127.0.0.1:7777; do sleep 0.02; done');
    await upload('3', { ...www('three'), [at('port.conf')]: 'Listen 7777\n' });
    expect(await deploy(withApache, { version: 'a3' })).toMatchObject({ result: 'rolled_back' });
    expect(await files(withApache, folder)).toBe(before);
    expect(await get(withApache, 'www.example')).toBe('200 one');
    await withApache.sh('systemctl stop other');
  });

  it('are those of the release before where a later hook fails', async () => {
    const before = await files(withApache, folder);
    await upload('4', { ...www('four'), 'deploy/hooks/deployed': 'exit 3\n' });
    expect(await deploy(withApache, { version: 'a4' })).toMatchObject({ result: 'rolled_back' });
    expect(await files(withApache, folder)).toBe(before);
    expect(await get(withApache, 'other.example')).toMatch(/^410 /);
    expect(await get(withApache, 'www.example')).toBe('200 one');
  });

  it('go when the new version lacks them', async () => {
    await upload('5', www('five'));
    expect(await deploy(withApache, { version: 'a5' })).toMatchObject({ result: 'done' });
    expect(await files(withApache, folder)).not.toContain('other');
    expect(await get(withApache, 'other.example')).not.toMatch(/^410/);
    expect(await get(withApache, 'www.example')).toBe('200 five');
  });

  it('ask for a server that the box does not have', async () => {
    await uploadApp(store, 'a6', { 'deploy/templates/apache2/www.conf': '# nothing\n' });
    await withNginx.sh('mv /usr/sbin/apache2ctl /root');
    await withNginx.sh(
      "printf 'steps: { system: true }\\n' >> /etc/strata/agent.yaml; systemctl restart strata-agent",
    );
    const told =
      'apache: this box has none; install it, or leave it out with `apache: false` in deploy/steps.yaml';
    expect((await plan(withNginx, { version: 'a6' })).obstacles).toEqual([told]);
    expect(await deploy(withNginx, { version: 'a6' })).toMatchObject({ result: 'failed', reason: told });
  });
});
