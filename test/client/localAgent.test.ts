import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../../client/localAgent/agentProcess.ts';
import { isLocalChoice } from '../../client/localAgent/choice.ts';
import { agentConfig } from '../../client/localAgent/config.ts';
import { missingForAgent } from '../../client/localAgent/missing.ts';
import { restarts } from '../../client/localAgent/restarts.ts';
import { socketPath } from '../../client/localAgent/socketPath.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const bundle = path.resolve(import.meta.dirname, '../../dist/agent.js');
const never = new AbortController().signal;
const purpose = {
  root: '/w/shop',
  environment: 'local',
  cluster: null,
  configs: ['/w/shop/configs'],
  artifacts: null,
};

describe('the config of a local agent', () => {
  it('takes what is built in the workspace', () => {
    expect(JSON.parse(agentConfig(purpose, '/s'))).toEqual({
      environment: 'local',
      listen: { socket: '/s' },
      repository: { store: '/w/shop/.strata/artifacts', trust: { unsigned: ['*'] } },
      configs: { folder: '/w/shop', folders: ['configs'] },
    });
  });

  it('takes the store of the manifest, and whom it trusts', () => {
    const artifacts = { store: 's3://bucket/x', s3: { region: 'eu' }, trust: { keys: [], unsigned: [] } };
    const config = agentConfig(
      { ...purpose, cluster: 'us', artifacts, configs: ['/other', '/w/shop'] },
      '/s',
    );
    expect(JSON.parse(config)).toMatchObject({
      cluster: 'us',
      repository: artifacts,
      configs: { folders: ['../../other', '.'] },
    });
  });
});

describe('what agents need', () => {
  it('is Linux, and flock on the PATH', () => {
    const folder = writeFiles('\n//- /bin/flock\n#!/bin/sh\n');
    const bin = path.join(folder, 'bin');
    expect(missingForAgent('darwin', { PATH: bin })).toBe('linux');
    expect(missingForAgent('linux', {})).toBe('flock');
    expect(missingForAgent('linux', { PATH: `:/nowhere:${bin}` })).toBe('flock');
    fs.chmodSync(path.join(bin, 'flock'), 0o755);
    expect(missingForAgent('linux', { PATH: `:/nowhere:${bin}` })).toBeUndefined();
  });
});

describe("the socket of a local agent's", () => {
  const long = `/${'x'.repeat(120)}`;

  it('lies in its folder, or where a path is short enough, in a folder of nobody else', () => {
    expect(socketPath('/w/agent', {})).toBe('/w/agent/.strata/agent.sock');
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-'));
    const socket = socketPath(long, { XDG_RUNTIME_DIR: parent });
    expect(socket).toMatch(/\/strata-\d+\/[0-9a-f]{16}\.sock$/);
    expect(fs.statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
    fs.chmodSync(path.dirname(socket), 0o777);
    expect(() => socketPath(long, { XDG_RUNTIME_DIR: parent })).toThrow(/not a folder of yours alone/);
    fs.rmSync(parent, { recursive: true });
  });
});

it.each([
  [{ root: 'file:///w', environment: 'qa', cluster: null }, true],
  [{ root: 'file:///w', environment: 'qa' }, false],
  [undefined, false],
])('%j as what is remembered: %s', (value, expected) => {
  expect(isLocalChoice(value)).toBe(expected);
});

describe('the process of a local agent', () => {
  const running: AgentProcess[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  async function start(folder: string): Promise<AgentProcess> {
    const root = path.join(folder, 'shop');
    const of = { ...purpose, root, configs: [root] };
    const agent = await startAgentProcess(
      { bundle, folder: path.join(folder, 'a b#c%d') },
      of,
      () => undefined,
      never,
    );
    running.push(agent);
    return agent;
  }

  it('can be asked at its address, whatever its path has', async () => {
    const { url } = await start(writeFiles('\n//- /shop/common.yaml\na: 1\n'));
    expect(await openAgent({ name: 'local', url }, {}).apps(never)).toEqual([]);
  });

  it('waits for the one before it', async () => {
    const folder = writeFiles('\n//- /shop/common.yaml\na: 1\n');
    const first = await start(folder);
    // As when a window is opened again while the one before is going.
    const [second] = await Promise.all([start(folder), first.stop()]);
    expect(await openAgent({ name: 'local', url: second.url }, {}).apps(never)).toEqual([]);
  });

  it('is gone, and its folder free, once its start was given up', async () => {
    const folder = writeFiles('\n//- /shop/common.yaml\na: 1\n');
    const place = { bundle, folder: path.join(folder, 'a b#c%d') };
    const stop = new AbortController();
    const lines: string[] = [];
    const starting = startAgentProcess(
      place,
      { ...purpose, root: folder },
      (line) => lines.push(line),
      stop.signal,
    );
    stop.abort(new Error('given up'));
    await expect(starting).rejects.toThrow('given up');
    // Nobody is there to wait for: the next one starts at once.
    await start(folder);
    expect(lines.join('\n')).not.toContain('another agent');
    const never = startAgentProcess(place, { ...purpose, root: folder }, () => undefined, stop.signal);
    await expect(never).rejects.toThrow('given up');
  });

  it('says what is wrong where it does not start', async () => {
    const folder = writeFiles('\n//- /shop/common.yaml\na: 1\n');
    const of = { ...purpose, environment: 'not a name', root: folder };
    const place = { bundle, folder: path.join(folder, 'agent') };
    await expect(startAgentProcess(place, of, () => undefined, never)).rejects.toThrow(
      /agent\.yaml:\d+:\d+: /,
    );
  });
});

it('an agent that ends is started again, but not for ever', () => {
  const mayRestart = restarts();
  expect([0, 1000, 2000, 3000].map(mayRestart)).toEqual([true, true, true, false]);
  // What was long ago does not count any more.
  expect([170_000, 181_500, 183_500].map(mayRestart)).toEqual([false, false, true]);
});
