import { beforeEach, describe, expect, it } from 'vitest';
import { ended, liveVersion, uploadApp } from '../support/box.ts';
import type { Reply } from '../support/door.ts';
import { type RealDoor, realDoor } from '../support/realDoor.ts';

/** Version 1 of the channel `stable` was live, then 2 of `master`, which has a 3 as well. */
describe('a token for one channel', () => {
  let box: RealDoor;
  const ask = (token: string, path: string, body: object) => box.door.ask('POST', path, { token, body });
  const resultOf = async ({ json: { id } }: Reply) => (await ended(box.door.agent, id)).result;

  beforeEach(async () => {
    box = await realDoor();
    await uploadApp(box, '1', {}, { app: 'configs' });
    await uploadApp(box, '1', {}, { channel: 'stable' });
    for (const version of ['2', '3']) await uploadApp(box, version);
    for (const [channel, version] of [
      ['stable', '1'],
      ['master', '2'],
    ]) {
      const reply = await box.door.ask('POST', '/v1/deployments', {
        socket: true,
        body: { app: 'shop', channel, version },
      });
      expect(await resultOf(reply)).toBe('done');
    }
  });

  it('goes back to no release of another one, whatever the request says', async () => {
    const token = box.door.token({ scopes: ['rollback'], channels: ['master'] });
    const asked = [
      {},
      { channel: 'master' },
      { channel: 'stable' },
      { version: '1', channel: 'stable' },
      { version: '1' },
    ];
    for (const body of asked) {
      for (const path of ['/v1/apps/shop/rollback', '/v1/deployments', '/v1/plan']) {
        const whole = path.startsWith('/v1/apps') ? body : { ...body, app: 'shop', rollback: true };
        const reply = await ask(token, path, whole);
        expect({ path, body, status: reply.status }).toEqual({ path, body, status: 403 });
      }
    }
    expect(liveVersion(box)).toBe('2');
    const tried = box.door.audit().filter(({ token: id }) => id !== null);
    expect(tried.filter(({ what }) => what === 'answered').every(({ status }) => status === 403)).toBe(true);
  });

  it('goes back to its own, without naming it', async () => {
    const token = box.door.token({ scopes: ['rollback'], channels: ['stable'] });
    const planned = await ask(token, '/v1/plan', { app: 'shop', rollback: true });
    expect(planned.json).toMatchObject({ channel: 'stable', from: '2', to: '1' });
    const reply = await ask(token, '/v1/apps/shop/rollback', { plan: planned.json.digest });
    expect(reply.status).toBe(202);
    expect(await resultOf(reply)).toBe('done');
    expect(liveVersion(box)).toBe('1');
  });

  it('that may only roll back deploys nothing by going back to what was never here', async () => {
    const token = box.door.token({ scopes: ['rollback'] });
    const body = { version: '3' };
    expect((await ask(token, '/v1/apps/shop/rollback', body)).status).toBe(403);
    const both = box.door.token({ scopes: ['rollback', 'deploy'] });
    expect((await ask(both, '/v1/apps/shop/rollback', body)).status).toBe(202);
  });

  it('goes back to the right one of two that have one version', async () => {
    await uploadApp(box, '2', { mark: 'stable' }, { channel: 'stable' });
    const socket = { socket: true };
    const body = { app: 'shop', version: '2', channel: 'stable' };
    expect(await resultOf(await box.door.ask('POST', '/v1/deployments', { ...socket, body }))).toBe('done');
    const token = box.door.token({ scopes: ['rollback'], channels: ['stable'] });
    expect((await ask(token, '/v1/apps/shop/rollback', { version: '2', channel: 'master' })).status).toBe(
      403,
    );
    expect((await ask(token, '/v1/apps/shop/rollback', {})).status).toBe(403);
  });
});
