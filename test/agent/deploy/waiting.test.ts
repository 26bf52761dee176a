import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import { AgentError } from '../../../agent/failure.ts';
import type { Agent } from '../../../agent/service.ts';
import { newFolder } from '../../support/repository.ts';
import { startChild } from '../support/agentProcess.ts';
import {
  agentOptions,
  ended,
  fileThere,
  liveVersion,
  me,
  newBox,
  type TestBox,
  uploadApp,
  withAgent,
} from '../support/box.ts';

/** A box where version 1 waits at a gate in its hook, with versions that do not. */
async function gatedBox(versions: string[]): Promise<{ box: TestBox; gate: string }> {
  const box = newBox();
  const gate = path.join(newFolder(), 'gate');
  await uploadApp(box, '1', { 'deploy/hooks/prepare': `mkfifo ${gate}; read -r line <${gate}` });
  for (const version of versions) await uploadApp(box, version);
  return { box, gate };
}

async function wait(agent: Agent, version: string): Promise<string> {
  return (await agent.deploy({ app: 'shop', version, busy: 'wait' }, me, undefined)).id;
}

/** Those that went live, in the order in which they did. */
async function history(agent: Agent, ids: string[]): Promise<unknown[]> {
  const all = await Promise.all(ids.map((id) => ended(agent, id)));
  return all.map(({ version, previous, result }) => `${previous} ${version} ${result}`);
}

describe('deployments that wait for their turn', () => {
  it('get it in the order in which they came, but for those that are cancelled', async () => {
    const versions = ['2', '3', '4', '5', '6'];
    const { box, gate } = await gatedBox(versions);
    await withAgent(box, {}, async (agent) => {
      const first = await wait(agent, '1');
      await fileThere(gate);
      const ids: string[] = [];
      for (const version of versions) ids.push(await wait(agent, version));
      await agent.cancel(ids[2] ?? '', me);
      expect(await ended(agent, ids[2] ?? '')).toMatchObject({
        result: 'failed',
        reason: 'ann cancelled it',
      });
      fs.writeFileSync(gate, 'go\n');
      expect(await history(agent, [first, ...ids])).toEqual([
        ...['null 1 done', '1 2 done', '2 3 done', 'null 4 failed', '3 5 done', '5 6 done'],
      ]);
    });
  });

  it('wait on when the agent was stopped and started again', async () => {
    const { box, gate } = await gatedBox(['2', '3']);
    const agent = await startAgent(agentOptions(box));
    const first = await wait(agent, '1');
    await fileThere(gate);
    const ids = [await wait(agent, '2'), await wait(agent, '3')];
    const drained = agent.drain();
    fs.writeFileSync(gate, 'go\n');
    await drained;
    expect(liveVersion(box)).toBe('1');
    expect(await agent.deployment(ids[0] ?? '')).toMatchObject({ state: 'accepted', result: null });
    await withAgent(box, {}, async (next) => {
      expect(await history(next, [first, ...ids])).toEqual(['null 1 done', '1 2 done', '2 3 done']);
    });
  });

  it('wait on behind a hook that outlived a killed agent', async () => {
    const { box, gate } = await gatedBox(['2', '3']);
    const request = (version: string) => ({ app: 'shop', version, busy: 'wait' as const });
    const child = startChild(box, { request: request('1'), waiting: [request('2'), request('3')] });
    const exit = once(child, 'exit');
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'started') said.push(line);
      if (said.length === 3) break;
    }
    await fileThere(gate);
    child.kill('SIGKILL');
    await exit;
    await withAgent(box, {}, async (agent) => {
      const refused = agent.deploy({ app: 'shop', version: '3' }, me, undefined);
      await expect(refused).rejects.toMatchObject({ code: 'busy' });
      const late = await wait(agent, '2');
      fs.writeFileSync(gate, 'go\n');
      expect(await history(agent, [...said, late])).toEqual([
        ...['null 1 unknown', 'null 2 done', '2 3 done', '3 2 done'],
      ]);
    });
  });

  it('of an app that the box has no more are refused when their turn comes', async () => {
    const { box, gate } = await gatedBox(['2']);
    const agent = await startAgent(agentOptions(box));
    await wait(agent, '1');
    await fileThere(gate);
    const id = await wait(agent, '2');
    const drained = agent.drain();
    fs.writeFileSync(gate, 'go\n');
    await drained;
    const settings = () => {
      throw new AgentError('missing', 'there is no app shop on this box');
    };
    await withAgent(box, { settings }, async (next) => {
      const { result, reason } = await ended(next, id);
      expect({ result, reason }).toEqual({ result: 'failed', reason: 'there is no app shop on this box' });
    });
    expect(liveVersion(box)).toBe('1');
  });
});
