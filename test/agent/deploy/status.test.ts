import { describe, expect, it } from 'vitest';
import { deploy, newBox, uploadApp, withAgent } from '../support/box.ts';
import { testDoor } from '../support/door.ts';

describe('the status of an app', () => {
  it('tells since when it is live, and its last deployment', async () => {
    const box = newBox();
    await withAgent(box, {}, async (agent) => {
      const began = Date.now();
      await uploadApp(box, '1');
      const first = await deploy(agent);
      const status = await agent.app('shop');
      expect(status).toMatchObject({ live: '1', last: { id: first.id, result: 'done', user: 'ann' } });
      expect(status.since).toBeGreaterThanOrEqual(began - 20);
      expect(status.since).toBeLessThanOrEqual(Date.now());
      await uploadApp(box, '2', { 'deploy/hooks/prepare': 'exit 1\n' });
      const second = await deploy(agent);
      expect(await agent.app('shop')).toMatchObject({
        ...{ live: '1', since: status.since },
        last: { id: second.id, version: '2', result: 'failed' },
      });
    });
  });

  it('is told of an app whose first deployment failed', async () => {
    const box = newBox();
    await withAgent(box, {}, async (agent) => {
      await uploadApp(box, '1', {}, { isSigned: false });
      const { id } = await deploy(agent);
      expect(await agent.apps()).toMatchObject([
        { app: 'shop', live: null, since: null, releases: [], last: { id, result: 'failed' } },
      ]);
      expect(await agent.gc('shop', {})).toEqual([]);
      await expect(agent.app('blog')).rejects.toMatchObject({ code: 'missing' });
    });
  });

  it('leaves out deployments of channels that one may not see', async () => {
    const door = await testDoor();
    const body = { app: 'shop', channel: 'beta' };
    await door.ask('POST', '/v1/deployments', { socket: true, body });
    const last = async (channels: string[]) => {
      const token = door.token({ scopes: ['read'], channels });
      const { json } = await door.ask('GET', '/v1/apps', { token });
      const one = await door.ask('GET', '/v1/apps/shop', { token });
      expect(one.json).toEqual(json.apps[0]);
      return one.json.last?.id ?? null;
    };
    expect(await last(['*'])).toBe('d1');
    expect(await last(['beta'])).toBe('d1');
    expect(await last(['master'])).toBeNull();
  });
});
