// What Deploy… and Roll Back… find out before they ask.
import { describe, expect, it } from 'vitest';
import { environmentOf, givenBy } from '../../client/commands/deploymentNodes.ts';
import type { FleetBox } from '../../client/fleet/fleet.ts';
import { takenFrom } from '../../client/logs/taken.ts';
import { appsWithBoxes, environmentsOf, isProtected } from '../../client/rollout/runsOn.ts';
import { agoText, readVersions } from '../../client/rollout/versions.ts';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';

function workspace(name: string, apps: string[]): WorkspaceInfo {
  const root = `file:///${name}`;
  return {
    ...{
      root,
      manifest: `${root}/strata.yaml`,
      mistake: null,
      boxes: [],
      configs: [],
      balancers: [],
      artifacts: null,
    },
    apps: apps.map((app) => ({ name: app, folder: `${root}/apps/${app}` })),
    environments: [
      { name: 'qa', clusters: [], isProtected: false },
      { name: 'production', clusters: ['us', 'eu'], isProtected: true },
    ],
  };
}

/** `b1 production/us api,shop`: a box, its place, and the apps that alone run there. */
function boxesOf(home: WorkspaceInfo, ...lines: string[]): FleetBox[] {
  return lines.map((line) => {
    const [name = '', place = '', apps] = line.split(' ');
    const [environment = '', cluster = null] = place.split('/');
    const some = apps === undefined ? null : apps.split(',');
    return { name, url: `https://${name}`, environment, cluster, apps: some, labels: {}, workspace: home };
  });
}

const shop = workspace('shop', ['api', 'front']);
const blog = workspace('blog', ['api', 'pages']);
const boxes = [
  ...boxesOf(shop, 'q1 qa', 'p1 production/us api', 'p2 production/eu'),
  ...boxesOf(blog, 'q1 qa pages'),
];
const names = (found: readonly FleetBox[] | undefined) => found?.map(({ name }) => name);

describe('what a command was called with', () => {
  const given = (node: unknown) => {
    const { of, boxes: some } = givenBy(node, boxes);
    return [of && `${of.workspace.root} ${of.app}`, names(some)];
  };

  it('is read from nodes of trees and from other commands', () => {
    expect(given(undefined)).toEqual([undefined, undefined]);
    expect(given({ environment: 'production' })).toEqual([undefined, ['p1', 'p2']]);
    expect(given({ environment: 'production', cluster: 'eu' })).toEqual([undefined, ['p2']]);
    expect(given({ box: boxes[1] })).toEqual([undefined, ['p1']]);
    expect(given({ box: { name: 'p1' }, status: { app: 'api' } })).toEqual(['file:///shop api', ['p1']]);
    expect(given({ context: { app: 'front', environment: 'qa' } })).toEqual([
      'file:///shop front',
      ['q1', 'q1'],
    ]);
    expect(given({ app: 'pages', root: 'file:///blog', box: 'q1' })).toEqual(['file:///blog pages', ['q1']]);
  });

  it('counts for nothing where it is not there', () => {
    expect(given({ box: 'gone' })).toEqual([undefined, undefined]);
    expect(given({ app: 'gone', environment: 7 })).toEqual([undefined, undefined]);
    expect(given('production')).toEqual([undefined, undefined]);
    // No box runs it.
    const lone = boxesOf(blog, 'q1 qa pages');
    expect(givenBy({ app: 'api' }, lone).of).toBeUndefined();
  });

  it('tells the environment where it is one', () => {
    expect(environmentOf(givenBy({ environment: 'qa' }, boxes))).toBe('qa');
    expect(environmentOf(givenBy({ box: 'q1' }, boxes))).toBe('qa');
    expect(environmentOf(givenBy({}, boxes))).toBeUndefined();
  });
});

describe('the choices', () => {
  const apps = (file?: string, last?: string) =>
    appsWithBoxes(boxes, file, last).map(({ workspace: { root }, app }) => `${root.slice(8)} ${app}`);

  it('are the apps that have boxes, that of the active file first', () => {
    expect(apps()).toEqual(['shop api', 'shop front', 'blog pages']);
    expect(apps(undefined, 'pages')).toEqual(['blog pages', 'shop api', 'shop front']);
    expect(apps('file:///shop/apps/front/deploy/x.yaml', 'pages')[0]).toBe('shop front');
    // A folder whose name begins as another's.
    expect(apps('file:///shop/apps/frontend/x.yaml')[0]).toBe('shop api');
  });

  it('are the environments with boxes, the active one first', () => {
    const of = { workspace: shop, app: 'front' };
    expect(environmentsOf(of, boxes, 'production')).toEqual([
      { name: 'production', count: 1 },
      { name: 'qa', count: 1 },
    ]);
    expect(environmentsOf({ ...of, app: 'api' }, boxes, undefined)[1]).toEqual({
      name: 'production',
      count: 2,
    });
    expect([isProtected(shop, 'production'), isProtected(shop, 'qa'), isProtected(shop, '')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('versions', () => {
  const list = (versions: unknown, latest: unknown = null) =>
    readVersions(JSON.stringify({ latest, versions }));

  it('come newest first, those of one moment the highest first', () => {
    const row = (version: string, uploaded: string) => ({ version, uploaded });
    const rows = [row('1', '2026-01-01'), row('2', '2026-01-01'), row('3', 'once'), row('4', '2026-02-01')];
    expect(list(rows, '4')?.versions.map(({ version }) => version)).toEqual(['4', '2', '1', '3']);
    expect(list(rows, '4')?.latest).toBe('4');
  });

  it('are nothing where the command printed something else', () => {
    expect(readVersions('Killed')).toBeUndefined();
    expect(readVersions('')).toBeUndefined();
    expect(list([{ version: 1, uploaded: '' }])).toBeUndefined();
    expect(list([{ version: '1', uploaded: '', commit: 7 }])).toBeUndefined();
    expect(list({})).toBeUndefined();
    expect(list([], 7)).toBeUndefined();
    expect(list([])).toEqual({ latest: null, versions: [] });
  });

  it('tell their age by its largest unit', () => {
    const texts = [0, 59_999, 60_000, 7_199_999, 86_400_000, -5000].map((ms) => agoText(ms, 'en'));
    expect(texts).toEqual(['now', '59 seconds ago', '1 minute ago', '1 hour ago', 'yesterday', 'now']);
  });
});

describe('a log from a beginning on', () => {
  it('shows what is named, what runs, and what was begun on other boxes since', () => {
    const deployment = (id: string, created: number, result: string | null) => ({ id, created, result });
    const all = [deployment('d4', 40, null), deployment('d3', 30, 'done'), deployment('d2', 20, 'done')];
    const passed: Record<string, readonly string[]> = {};
    const spool = {
      passedOver: () => undefined,
      async passOver(box: string, ids: readonly string[]) {
        passed[box] = ids;
      },
    };
    const { chosen } = takenFrom(spool as never, { from: { b1: 'd2' }, since: 30 });
    const ids = (box: string) => chosen(box, all as never).map(({ id }) => id);
    expect(ids('b1')).toEqual(['d4', 'd2']);
    expect(ids('b2')).toEqual(['d4', 'd3']);
    expect(passed).toEqual({ b1: ['d3'], b2: ['d2'] });
  });
});
