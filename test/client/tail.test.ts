import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noFilter } from '../../client/logs/filter.ts';
import { openSpool } from '../../client/logs/spool/spool.ts';
import { startTail, type TailOptions } from '../../client/logs/tail.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { type AgentBox, newAgentBox } from '../agent/support/agentBox.ts';
import { type RunningAgent, runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { newRelay } from '../remote/support/relay.ts';
import { newFolder } from '../support/repository.ts';

const lines = 5000;
/** Prints half of the lines, waits until it may print the rest, and writes one to standard error. */
const hook = `seq -f 'line %.0f' 1 ${lines / 2}; while ! [ -e "$STRATA_ROOT/go" ]; do sleep 0.05; done; seq -f 'line %.0f' ${lines / 2 + 1} ${lines}; echo oh >&2\n`;

/** What a terminal would have shown since it was last cleared. */
function newScreen() {
  let shown = '';
  return {
    write: (text: string) => {
      shown += text;
    },
    clear: () => {
      shown = '';
    },
    raw: () => shown,
    text: () => stripVTControlCharacters(shown),
    /** The lines of the hook on a box, by their numbers. */
    numbers: (box: string) =>
      stripVTControlCharacters(shown)
        .split('\r\n')
        .filter((one) => one.includes(`  ${box}  `) || box === '')
        .flatMap((one) => /prepare \| line (\d+)$/.exec(one)?.[1] ?? [])
        .map(Number),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const [colour, controls] = [/\u001b\[[\d;]*m/g, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/];

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

async function tail(folder: string, boxes: TailOptions['boxes'], more: Partial<TailOptions> = {}) {
  const screen = newScreen();
  const spool = await openSpool(folder);
  const options = { which: 'last' as const, app: 'shop', boxes, filter: noFilter, spool, screen };
  return { screen, tail: startTail({ ...options, ...more }) };
}

async function deploying(box: AgentBox, url = `unix:${box.socket}`, name = 'b1') {
  const agent = openAgent({ name, url }, {});
  const { id } = await agent.deploy({ app: 'shop' }, randomUUID(), new AbortController().signal);
  return { agent, id, open: async () => agent };
}

const go = ({ folder }: AgentBox) => fs.writeFileSync(path.join(folder, 'go'), '');
async function ending({ child, ended }: RunningAgent): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

const within = { timeout: 20_000 };

describe('a tail of two boxes', () => {
  it('shows every line once through cuts, a killed agent, and a window that goes away', async () => {
    const boxes = [newAgentBox(), newAgentBox()] as const;
    for (const box of boxes) await uploadApp(box, '1', { 'deploy/hooks/prepare': hook });
    const agents = [await runAgent(boxes[0].folder), await runAgent(boxes[1].folder)];
    const relay = await newRelay({ path: boxes[0].socket });
    relay.cutAfter(() => (relay.cuts() < 10 ? 20_000 : Number.POSITIVE_INFINITY));
    const one = await deploying(boxes[0], relay.url, 'us1');
    const other = await deploying(boxes[1], undefined, 'eu1');
    const shown = [
      { label: 'us1', open: one.open },
      { label: 'eu1', open: other.open },
    ];
    const folder = newFolder();
    const first = await tail(folder, shown);
    await expect.poll(() => first.screen.numbers('us1').length, within).toBeGreaterThan(500);
    // The window goes away in the middle, and comes back.
    await first.tail.stop();
    const second = await tail(folder, shown);
    for (const box of ['us1', 'eu1']) {
      await expect.poll(() => second.screen.numbers(box).length, within).toBe(lines / 2);
    }
    agents[1]?.child.kill('SIGKILL');
    await agents[1]?.ended;
    await expect.poll(() => second.screen.text(), within).toContain('strata: eu1 is away');
    agents[1] = await runAgent(boxes[1].folder);
    await expect.poll(() => second.screen.text(), within).toContain('strata: eu1 is back');
    for (const box of boxes) go(box);
    await expect.poll(() => second.screen.text().match(/= end: /g)?.length, within).toBe(2);
    for (const box of ['us1', 'eu1']) expect(second.screen.numbers(box)).toEqual(upTo(lines));
    expect(relay.cuts()).toBeGreaterThanOrEqual(10);
    // A filter is about what was received, too, and can be widened again.
    await second.tail.setFilter({ stages: null, streams: ['stderr'], areStatesShown: false });
    expect(second.screen.text().match(/prepare ! oh/g)).toHaveLength(2);
    expect(second.screen.numbers('')).toEqual([]);
    expect(second.screen.text()).not.toContain('= end');
    expect(second.tail.stages()).toContain('prepare');
    await second.tail.setFilter(noFilter);
    for (const box of ['us1', 'eu1']) expect(second.screen.numbers(box)).toEqual(upTo(lines));
    await second.tail.stop();
    // What is over is not asked for again.
    const third = await tail(folder, shown);
    await expect.poll(() => third.screen.numbers('eu1').length, within).toBe(lines);
    await third.tail.stop();
    for (const box of ['us1', 'eu1']) expect(third.screen.numbers(box)).toEqual(upTo(lines));
    await Promise.all(agents.map(ending));
  }, 60_000);

  it('shows only what begins where that is asked for, also while the window is away', async () => {
    const box = newAgentBox();
    await uploadApp(box, '1', { 'deploy/hooks/prepare': 'echo first\n' });
    const agent = await runAgent(box.folder);
    const remote = openAgent({ name: 'b1', url: `unix:${box.socket}` }, {});
    const { signal } = new AbortController();
    const deployed = async (version: string) => {
      const { id } = await remote.deploy({ app: 'shop', version }, randomUUID(), signal);
      for await (const _ of remote.events(id, 0, { follow: true, signal }));
    };
    await deployed('1');
    const folder = newFolder();
    const boxes = [{ label: 'b1', open: async () => remote }];
    const first = await tail(folder, boxes, { which: 'new' });
    await uploadApp(box, '2', { 'deploy/hooks/prepare': 'echo second\n' });
    await expect.poll(async () => (await openSpool(folder)).passedOver('b1')?.size, within).toBe(1);
    await first.tail.stop();
    await deployed('2');
    const second = await tail(folder, boxes, { which: 'new' });
    await expect.poll(() => second.screen.text(), within).toContain('| second');
    await uploadApp(box, '3', { 'deploy/hooks/prepare': 'echo third\n' });
    await deployed('3');
    await expect.poll(() => second.screen.text(), within).toMatch(/\| third[\s\S]*end: done/);
    expect(second.screen.text()).not.toContain('first');
    expect(second.screen.text().match(/\| second/g)).toHaveLength(1);
    await second.tail.stop();
    await ending(agent);
  }, 30_000);

  it('names a box that does not take the token, and shows the others', async () => {
    const box = newAgentBox();
    await uploadApp(box, '1', { 'deploy/hooks/prepare': "printf 'a\\033[31mred\\033[2Jb\\a\\n'\n" });
    const agent = await runAgent(box.folder);
    const { open, id, agent: remote } = await deploying(box);
    const { signal } = new AbortController();
    for await (const _ of remote.events(id, 0, { follow: true, signal }));
    const [, port = ''] = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(agent.stdout()) ?? [];
    const stranger = openAgent({ name: 'b2', url: `http://127.0.0.1:${port}` }, { token: 'wrong' });
    const shown = [
      { label: 'b1', open },
      { label: 'b2', open: async () => stranger },
    ];
    const { screen, tail: running } = await tail(newFolder(), shown);
    await expect.poll(() => screen.text(), within).toContain('end: done');
    await expect.poll(() => screen.text(), within).toContain('b2: it does not take the token');
    // Colours, and nothing else that a terminal obeys.
    expect(screen.raw()).toContain('\u001b[31mredb');
    expect(screen.raw().replaceAll(colour, '')).not.toMatch(controls);
    await running.stop();
    expect(screen.text().trimEnd().endsWith('strata: nothing more comes')).toBe(false);
    await ending(agent);
  }, 30_000);

  it('ends with the deployment that is asked for', async () => {
    const box = newAgentBox();
    await uploadApp(box, '1', { 'deploy/hooks/prepare': 'echo hello\n' });
    const agent = await runAgent(box.folder);
    const { open, id } = await deploying(box);
    const folder = newFolder();
    const which = { deployment: id };
    const { screen, tail: running } = await tail(folder, [{ label: 'b1', open }], { which });
    await running.ended;
    await expect.poll(() => screen.text()).toMatch(/\| hello[\s\S]*end: done[\s\S]*nothing more comes/);
    await ending(agent);
    const nobody = () => Promise.reject(new Error('it was asked'));
    const again = await tail(folder, [{ label: 'b1', open: nobody }], { which });
    await again.tail.ended;
    expect(again.screen.text()).toContain('| hello');
  }, 30_000);
});
