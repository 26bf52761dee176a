import { describe, expect, it } from 'vitest';
import { isAgentUrl, isBoxName, tokenFault, wantsToken } from '../../client/commands/box/rules.ts';
import type { FleetBox } from '../../client/fleet/fleet.ts';
import { type BoxState, followBox } from '../../client/fleet/followBox.ts';
import { ageText, appLook } from '../../client/tree/fleet/look.ts';
import { environmentNodes, type FleetNode, inEnvironment, nodeId } from '../../client/tree/fleet/node.ts';
import type { AppStatus } from '../../protocol/appStatus.ts';
import type { Deployment } from '../../protocol/deployment.ts';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { uploadApp } from '../agent/support/box.ts';
import { realDoor } from '../agent/support/realDoor.ts';

function workspace(root: string): WorkspaceInfo {
  const environments = [
    { name: 'qa', clusters: [], isProtected: false },
    { name: 'production', clusters: ['us', 'eu'], isProtected: true },
  ];
  return {
    root,
    manifest: `${root}/strata.yaml`,
    mistake: null,
    apps: [],
    environments,
    boxes: [],
    ...{ configs: [], balancers: [], artifacts: null },
  };
}

function box(name: string, place: string, root = 'file:///w/shop'): FleetBox {
  const [environment = '', cluster = null] = place.split('/');
  const url = `https://${name}:7878`;
  return { name, url, environment, cluster, apps: null, labels: {}, workspace: workspace(root) };
}

function lines(nodes: readonly FleetNode[], indent = ''): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.type === 'environment') {
      const more = `${node.workspace ?? ''}${node.isProtected ? '!' : ''}`;
      return [`${indent}${node.environment}${more}`, ...lines(inEnvironment(node), `${indent}  `)];
    }
    if (node.type === 'cluster') {
      const boxes = node.boxes.map((one): FleetNode => ({ type: 'box', box: one }));
      return [`${indent}${node.cluster}/`, ...lines(boxes, `${indent}  `)];
    }
    return [`${indent}${node.type === 'box' ? node.box.name : node.status.app}`];
  });
}

describe('the tree of boxes', () => {
  it('has environments and clusters in the order of the manifest, and then what it does not know', () => {
    const boxes = [
      ...[box('eu1', 'production/eu'), box('us1', 'production/us'), box('us2', 'production/us')],
      ...[box('x1', 'elsewhere'), box('p1', 'production'), box('ap1', 'production/ap'), box('qa1', 'qa')],
    ];
    expect(lines(environmentNodes(boxes))).toEqual([
      ...['qa', '  qa1', 'production!', '  p1', '  us/', '    us1', '    us2', '  eu/', '    eu1'],
      ...['  ap/', '    ap1', 'elsewhere', '  x1'],
    ]);
    expect(environmentNodes([])).toEqual([]);
  });

  it('tells the boxes of two workspaces apart', () => {
    const nodes = environmentNodes([box('a', 'qa'), box('a', 'qa', 'file:///w/my%20blog')]);
    expect(lines(nodes)).toEqual(['qashop', '  a', 'qamy blog', '  a']);
    const all = nodes.flatMap((node) => [node, ...inEnvironment(node)]);
    expect(new Set(all.map(nodeId)).size).toBe(4);
  });
});

describe('an app in the tree', () => {
  const deployment = { result: 'done' } as Deployment;
  const status = (more: Partial<AppStatus>): AppStatus => ({
    ...{ app: 'a', live: '1', since: 0, previous: null, releases: [], running: null, last: deployment },
    ...more,
  });
  it.each([
    [{}, 'live'],
    [{ last: null }, 'live'],
    [{ live: null, last: null }, 'nothing'],
    [{ running: 'd1', last: { ...deployment, result: null } }, 'running'],
    [{ running: 'd1', last: { ...deployment, result: 'failed' as const } }, 'running'],
    [{ last: { ...deployment, result: 'failed' as const } }, 'failed'],
    [{ last: { ...deployment, result: 'rolled_back' as const } }, 'rolledBack'],
    [{ last: { ...deployment, result: 'unknown' as const } }, 'unknown'],
  ])('%j looks %s', (more, look) => {
    expect(appLook(status(more))).toBe(look);
  });

  it.each([
    [-5, '< 1 min'],
    [59_999, '< 1 min'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [7_200_000, '2 h'],
    [86_400_000 * 40, '40 d'],
  ])('is %i ms old: %s', (ms, text) => {
    expect(ageText(ms)).toBe(text);
  });
});

describe('what is said of a new box', () => {
  it.each([
    ['https://us1.example:7878', true],
    ['https://us1.example', true],
    ['https://[::1]:7878', true],
    ['ssh://me@us1', true],
    ['unix:/run/agent.sock', true],
    ['us1', false],
    ['https://', false],
    ['https://a:b@us1', false],
    ['https://us1/path', false],
    ['ftp://us1', false],
    ['unix://run', false],
  ])('%s is an address: %s', (url, isRight) => {
    expect(isAgentUrl(url)).toBe(isRight);
  });

  it('has a name, and a token where one is shown', () => {
    expect(['us1', 'us-1.example', '1'].map(isBoxName)).toEqual([true, true, true]);
    expect(['', 'us 1', '-a', 'a/b', 'a'.repeat(65)].some(isBoxName)).toBe(false);
    expect(['', ' strata_1_a ', 'a b', 'ä'].map(tokenFault)).toEqual([false, false, true, true]);
    expect(['https://a', 'HTTP://a', 'ssh://a', 'unix:/a'].map(wantsToken)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a box that is followed', () => {
  it('tells its apps when it has told of all, and why it cannot be asked', async () => {
    const real = await realDoor();
    await uploadApp(real, '1', {}, { app: 'configs' });
    const place = { name: 'b1', url: `http://${real.door.host}:${real.door.port}` };
    const token = real.door.token();
    const stop = new AbortController();
    const states: BoxState[] = [];
    const agents = [
      () => Promise.reject(new RemoteError('b1', 'unreachable', 'nobody is there')),
      () => Promise.reject(new Error('a mistake')),
    ];
    let told = () => {};
    const open = () => agents.shift()?.() ?? Promise.resolve(openAgent(place, { token }));
    const mistake = new Promise<void>((resolve) => {
      told = () => states.at(-1)?.code === 'confused' && resolve();
    });
    const following = followBox(open, stop.signal, (state) => {
      states.push(state);
      told();
    });
    await mistake;
    expect(states).toMatchObject([
      { apps: undefined, fault: 'nobody is there', code: 'unreachable' },
      { apps: undefined, fault: 'a mistake', code: 'confused' },
    ]);
    stop.abort();
    await following;
    const again = new AbortController();
    const first = await new Promise<BoxState>((resolve) => {
      void followBox(open, again.signal, resolve);
    });
    again.abort();
    expect(first).toMatchObject({ apps: [], fault: undefined, code: undefined });
  });
});
