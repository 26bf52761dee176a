import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Box } from '../support/boxes/box.ts';
import { type ExampleFleet, exampleApps, startExampleFleet } from '../support/boxes/exampleFleet.ts';

/** A virtualenv is made, and two boxes are at work at once. */
const longest = 300_000;

let fleet: ExampleFleet;

beforeAll(async () => {
  fleet = await startExampleFleet();
}, longest);
afterAll(() => fleet?.stop());

/** Does something with all apps on both boxes at once. */
async function withAll(command: 'deploy' | 'rollback'): Promise<void> {
  const one = async (app: string) => {
    const { code, stdout, stderr } = await fleet.strata([
      command,
      app,
      '-e',
      'production',
      '--batch',
      '2',
      '--yes',
    ]);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  };
  await Promise.all(exampleApps.map(one));
}

/** What a box answers to the other one. */
async function get(box: Box, app: string, path: string, more = ''): Promise<string> {
  const other = fleet.boxes.find(({ name }) => name !== box.name) as Box;
  const host = app === 'site' ? 'www' : app;
  const port = app === 'notices' ? ':8080' : '';
  return await other.sh(
    `curl -sSf -H 'Host: ${host}.papershop.example' ${more} 'http://${box.name}${port}${path}'`,
  );
}

/** What each app serves of itself. */
async function served(box: Box): Promise<Record<string, string>> {
  const page = await get(box, 'guestbook', '/');
  const site = await get(box, 'site', '/');
  return {
    guestbook: /<h1>(.*)<\/h1>/.exec(page)?.[1] ?? '',
    entries: [...page.matchAll(/<p>(.*)<\/p>/g)].map(([, text]) => text).join(),
    prices: (await get(box, 'prices', '/v1/prices')).trim(),
    site: (await get(box, 'site', asset(site))).split('\n')[0] ?? '',
    notices: (await get(box, 'notices', '/notices/today')).trim(),
  };
}

/** The stylesheet that a page names. */
const asset = (page: string) => /href="(\/assets\/style\.\w+\.css)"/.exec(page)?.[1] ?? '';

const first = {
  guestbook: 'Guestbook',
  entries: '',
  prices: '{"currency":"EUR","sheets":{"a4":0.12,"a3":0.25}}',
  site: 'body {',
  notices: 'Notice: closed on Sundays (papershop.example)',
};
const second = {
  guestbook: 'Guests',
  entries: 'Lovely paper',
  prices: '{"currency":"EUR","sheets":{"a4":0.15,"a3":0.25}}',
  site: 'main {',
  notices: 'Notice: open on Sundays (papershop.example)',
};

describe('the example apps', { timeout: longest }, () => {
  it('are built, and serve from two boxes', async () => {
    await withAll('deploy');
    for (const box of fleet.boxes) {
      expect(await served(box)).toEqual(first);
      expect(await get(box, 'guestbook', '/static/entries/guestbook.css')).toContain('max-width');
      expect(await get(box, 'site', '/config.js')).toMatch(
        /const settings = {.*"footer":\s*"Fine paper since 2009"/s,
      );
    }
  });

  it('are changed, keep what was written, and the assets that older pages ask for', async () => {
    for (const box of fleet.boxes) {
      const form = await get(box, 'guestbook', '/', '-c /tmp/cookies');
      const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(form)?.[1] ?? '';
      const data = `-b /tmp/cookies -d csrfmiddlewaretoken=${token} -d 'text=Lovely paper'`;
      await get(box, 'guestbook', '/', data);
    }
    const before = asset(await get(fleet.boxes[0] as Box, 'site', '/'));
    fleet.change(
      'apps/guestbook/entries/templates/entries/index.html',
      '<h1>Guestbook</h1>',
      '<h1>Guests</h1>',
    );
    fleet.change('apps/prices/deploy/configuration/prices-default.yaml', 'a4: 0.12', 'a4: 0.15');
    fleet.change('apps/site/src/style.css', 'body {', 'main {');
    fleet.change('apps/notices/deploy/configuration/notices-default.yaml', 'closed', 'open');
    await fleet.build(exampleApps, '2', '--skip-tests');
    await withAll('deploy');
    for (const box of fleet.boxes) {
      expect(await served(box)).toEqual(second);
      expect(await get(box, 'site', before)).toMatch(/^body {/);
    }
  });

  it('are rolled back, and keep what was written', async () => {
    await withAll('rollback');
    for (const box of fleet.boxes) expect(await served(box)).toEqual({ ...first, entries: 'Lovely paper' });
  });
});
