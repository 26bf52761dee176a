import fs from 'node:fs';
import { expect, it } from 'vitest';
import { startFleet } from '../../agent/support/fleet.ts';

/** So many agents run at once; `STRATA_AGENTS=50` for a whole fleet. */
const count = Number(process.env.STRATA_AGENTS ?? 6);

/** What a process takes of the memory at its most, in MB. */
function peakMb(pid: number | undefined): number {
  const [, kb = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}

it.runIf(process.platform === 'linux')(
  'a rollout over many boxes leaves none out, and complains of nothing',
  async () => {
    const fleet = await startFleet(count, { mostMs: 900_000 });
    await fleet.upload('1');
    const started = performance.now();
    const { code, stdout, stderr } = await fleet.strata([
      'deploy',
      'shop',
      '-e',
      'qa',
      '--yes',
      '--batch',
      '50%',
    ]);
    const tookMs = Math.round(performance.now() - started);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`(${count} boxes): shop 1 (nothing is live yet)`);
    expect(fleet.boxes.every((box) => box.live() === '1')).toBe(true);
    const peaks = fleet.boxes.map(({ agent }) => peakMb(agent.child.pid));
    const sum = peaks.reduce((all, one) => all + one, 0);
    console.info(`${count} agents: ${tookMs} ms; at most ${Math.max(...peaks)} MB each, ${sum} MB in all`);
  },
  1_200_000,
);
