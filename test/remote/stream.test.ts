import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { newAgentBox } from '../agent/support/agentBox.ts';
import { runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { randomFrom } from '../torture/random.ts';
import { newRelay } from './support/relay.ts';

/** So many lines of one hook, and so often the connection is cut; `npm run torture` takes more. */
const lines = Number(process.env.STRATA_LINES ?? 3000);
const cuts = Number(process.env.STRATA_CUTS ?? 40);
const seed = Number(process.env.STRATA_SEED ?? 1);

/** A way to tell the hook of a deployment which lines it is to print; it ends when that is closed. */
async function hookOnDemand(folder: string) {
  const fifo = path.join(folder, 'wanted');
  execFileSync('mkfifo', [fifo]);
  const handle = await fs.promises.open(fifo, 'r+');
  const script = `while read from to; do seq -f 'line %.0f, and some words behind it' $from $to; done < ${fifo}\n`;
  let asked = 0;
  return {
    script,
    /** Up to which line it was asked. */
    asked: () => asked,
    async ask(count: number) {
      const to = Math.min(lines, asked + count);
      await handle.write(`${asked + 1} ${to}\n`);
      asked = to;
      if (asked === lines) await handle.close();
    },
  };
}

it(
  `${lines} lines come once and in order through ${cuts} cuts and a killed agent`,
  async () => {
    const random = randomFrom(seed);
    const box = newAgentBox('hooks: {timeout: 1h}\n');
    const hook = await hookOnDemand(box.folder);
    await uploadApp(box, '1', { 'deploy/hooks/prepare': hook.script });
    let agent = await runAgent(box.folder);
    const relay = await newRelay({ path: box.socket });
    const remote = openAgent({ name: 'b1', url: relay.url }, {});
    const { signal } = new AbortController();
    const { id } = await remote.deploy({ app: 'shop' }, randomUUID(), signal);
    // A line is about so many bytes on the wire. Some connections are cut in the head of the answer.
    const each = (lines * 130) / cuts;
    relay.cutAfter(() =>
      relay.cuts() < cuts ? 1 + random.below(Math.ceil(1.6 * each)) : Number.POSITIVE_INFINITY,
    );
    relay.cut();
    const killAt = Math.floor(lines * 0.2) + random.below(Math.ceil(lines * 0.6));
    const told: string[] = [];
    const seqs: number[] = [];
    const chunk = Math.ceil(lines / 200);
    const options = { follow: true, signal, away: (why: string) => console.log(`away: ${why}`) };
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      agent.child.kill('SIGKILL');
      await agent.ended;
      agent = await runAgent(box.folder);
    };
    let last: DeploymentEvent | undefined;
    const began = performance.now();
    await hook.ask(2 * chunk);
    for await (const event of remote.events(id, 0, options)) {
      seqs.push(event.seq);
      last = event;
      if (event.type === 'log' && event.stream === 'stdout') told.push(event.text);
      if (told.length === killAt) restarted ??= restart();
      if (hook.asked() < lines && told.length > hook.asked() - chunk) await hook.ask(chunk);
    }
    await restarted;
    console.log(
      `${told.length} lines, ${relay.cuts()} cuts, killed at line ${killAt}, ${Math.round(performance.now() - began)} ms: ${JSON.stringify(last)}`,
    );
    expect(relay.cuts()).toBeGreaterThanOrEqual(cuts);
    expect(restarted).toBeDefined();
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
    expect(told).toEqual(
      Array.from({ length: lines }, (_, at) => `line ${at + 1}, and some words behind it`),
    );
    expect(last).toMatchObject({ type: 'end', result: expect.stringMatching(/^(done|unknown)$/) });
    await expect.poll(() => relay.open()).toBe(0);
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
  },
  60_000 + cuts * 500 + lines,
);
