import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { agoText, changeText, durationText, tableText, timeText } from '../../client/history/words.ts';
import { filterOf, isShown, noFilter } from '../../client/logs/filter.ts';
import { boxLabels } from '../../client/logs/question.ts';
import { saveLog } from '../../client/logs/saveLog.ts';
import { readTarget } from '../../client/logs/target.ts';
import type { Deployment } from '../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { testDoor } from '../agent/support/door.ts';
import { newRelay } from '../remote/support/relay.ts';
import { newFolder } from '../support/repository.ts';

const log = (stage: string, stream: 'stdout' | 'stderr' | 'agent'): DeploymentEvent => {
  return { type: 'log', stage, stream, text: '', seq: 1, time: 1 };
};

describe('a filter of logs', () => {
  it('shows stages and streams that were picked, and what is missing in any case', () => {
    const filter = filterOf({ stages: ['prepare'], streams: ['stderr'], areStatesShown: false }, [
      'prepare',
      'fetch',
    ]);
    expect(isShown(log('prepare', 'stderr'), filter)).toBe(true);
    expect(isShown(log('prepare', 'stdout'), filter)).toBe(false);
    expect(isShown(log('fetch', 'stderr'), filter)).toBe(false);
    expect(isShown({ type: 'state', state: 'locked', seq: 1, time: 1 }, filter)).toBe(false);
    expect(isShown({ type: 'gap', from: 1, to: 2, seq: 2, time: 1 }, filter)).toBe(true);
  });

  it('that has all of them shows what is yet to come', () => {
    const all = { stages: ['prepare'], streams: ['stdout', 'stderr', 'agent'], areStatesShown: true };
    expect(filterOf(all, ['prepare'])).toEqual(noFilter);
    expect(isShown(log('deployed', 'agent'), filterOf(all, ['prepare']))).toBe(true);
  });
});

describe('what a command is called on', () => {
  it.each([
    [undefined, {}],
    ['b1', {}],
    [
      { box: 'b1', app: 'shop', deployment: 'd1' },
      { box: 'b1', app: 'shop', deployment: 'd1' },
    ],
    [
      { type: 'app', box: { name: 'b1', workspace: { root: 'file:///w' } }, app: { app: 'shop' } },
      { root: 'file:///w', box: 'b1', app: 'shop' },
    ],
    [
      { type: 'app', box: { name: 'b1' }, status: { app: 'shop' } },
      { box: 'b1', app: 'shop' },
    ],
    [
      { type: 'environment', environment: 'qa', workspace: { root: 'file:///w' } },
      { root: 'file:///w', environment: 'qa' },
    ],
    [{ deployment: { id: 'd1' }, box: 1 }, { deployment: 'd1' }],
  ])('is read of %j', (given, expected) => expect(readTarget(given)).toEqual(expected));
});

describe('boxes', () => {
  it('are told apart where two workspaces have the same name', () => {
    const boxes = ['file:///w/a', 'file:///w/b/'].map((root) => ({ root, name: 'us1' }));
    expect(boxLabels([...boxes, { root: 'file:///w/a', name: 'us2' }])).toEqual(['us1@a', 'us1@b', 'us2']);
  });
});

describe('words of the history', () => {
  it.each([
    [-5, '0.0 s'],
    [1234, '1.2 s'],
    [9999, '10.0 s'],
    [42_000, '42 s'],
    [59_700, '1 min 0 s'],
    [192_000, '3 min 12 s'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms took %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it.each([
    [0, 'now'],
    [-5000, 'now'],
    [3000, '3 seconds ago'],
    [180_000, '3 minutes ago'],
    [86_400_000, 'yesterday'],
  ])('%d ms before is %s', (ms, text) => expect(agoText(1e12 - ms, 1e12, 'en')).toBe(text));

  it('tell what changed', () => {
    const one = { app: 'shop', previous: '11', version: '12', channel: 'master' } as Deployment;
    expect(changeText(one)).toBe('shop 11 → 12');
    expect(changeText({ ...one, previous: null, channel: 'pr' })).toBe('shop 12 (pr)');
    expect(changeText({ ...one, previous: '12' })).toBe('shop 12');
  });

  it('stand in columns', () => {
    expect(
      tableText([
        ['a', 'b'],
        ['long', ''],
        ['', 'c'],
      ]),
    ).toBe('a     b\nlong\n      c\n');
    expect(timeText(new Date(2026, 1, 3, 4, 5, 6).getTime())).toBe('2026-02-03 04:05:06');
    expect(timeText(1e300)).toBe('1e+300');
  });
});

describe('saving a log', () => {
  const lines = 3000;
  async function door() {
    const found = await testDoor();
    await found.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    for (let at = 1; at <= lines; at++) {
      found.agent.happen('d1', { type: 'log', stage: 'prepare', stream: 'stdout', text: `line ${at}` });
    }
    found.agent.happen('d1', { type: 'end', result: 'done' });
    return found;
  }
  const options = () => ({ isJson: false, signal: new AbortController().signal, progress: () => undefined });

  it('writes all of it, those of several boxes by their time', async () => {
    const boxes = [await door(), await door()];
    const relay = await newRelay({ path: boxes[0]?.socket ?? '' });
    relay.cutAfter(() => (relay.cuts() < 3 ? 30_000 : Number.POSITIVE_INFINITY));
    const urls = [relay.url, `unix:${boxes[1]?.socket}`];
    const saved = urls.map((url, at) => ({ agent: openAgent({ name: `b${at + 1}`, url }, {}), id: 'd1' }));
    const file = path.join(newFolder(), 'all.strata-log');
    const parts: number[] = [];
    await saveLog(file, saved, { ...options(), progress: (part) => parts.push(part) });
    const text = fs.readFileSync(file, 'utf8');
    expect(text.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}b1 {2}prepare \| line \d+$/gm)).toHaveLength(
      lines,
    );
    expect(text.match(/ {2}b2 {2}prepare \| line \d+$/gm)).toHaveLength(lines);
    expect(text.split('\n')).toHaveLength(2 * (lines + 2) + 1);
    expect(relay.cuts()).toBe(3);
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts)).toBeLessThanOrEqual(1);
    const json = path.join(newFolder(), 'all.ndjson');
    await saveLog(json, saved.slice(0, 1), { ...options(), isJson: true });
    const events = fs
      .readFileSync(json, 'utf8')
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    expect(events.map(({ event }) => event.seq)).toEqual(
      Array.from({ length: lines + 2 }, (_, at) => at + 1),
    );
  });

  it('that is given up or fails leaves what was there', async () => {
    const { socket } = await door();
    const agent = openAgent({ name: 'b1', url: `unix:${socket}` }, {});
    const folder = newFolder();
    const file = path.join(folder, 'x.strata-log');
    fs.writeFileSync(file, 'before');
    const stop = new AbortController();
    const given = { ...options(), signal: stop.signal, progress: () => stop.abort(new Error('given up')) };
    await expect(saveLog(file, [{ agent, id: 'd1' }], given)).rejects.toThrow('given up');
    await expect(saveLog(file, [{ agent, id: 'd9' }], options())).rejects.toThrow('d9');
    await expect(saveLog(path.join(folder, 'no/x'), [{ agent, id: 'd1' }], options())).rejects.toThrow(
      'ENOENT',
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('before');
    expect(fs.readdirSync(folder)).toEqual(['x.strata-log']);
  });
});
