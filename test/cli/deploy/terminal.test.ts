import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../agent/support/fleet.ts';
import { cliFile } from '../../support/cli.ts';

const args = ['deploy', 'shop', '-e', 'qa'];

async function fleetOf(environments: string): Promise<Fleet> {
  const fleet = await startFleet(2, { environments });
  await fleet.upload('1');
  return fleet;
}

/** Runs the command on a terminal, and types once it asks. */
async function onTerminal({ workspace, env }: Fleet, typed: string) {
  const command = [process.execPath, cliFile, ...args].map((one) => `'${one}'`).join(' ');
  const { NO_COLOR: _, ...inherited } = process.env;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: workspace,
    env: { ...inherited, TERM: 'xterm', ...env },
    timeout: 30_000,
  });
  let output = '';
  let isAsked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (isAsked || !/\[y\/N\] |to go on: /.test(output)) return;
    isAsked = true;
    child.stdin.write(typed);
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

describe.runIf(process.platform === 'linux')('on a terminal, strata deploy', () => {
  it('asks, and goes on after a yes', async () => {
    const fleet = await fleetOf('qa: {}');
    const { code, output } = await onTerminal(fleet, 'y\r');
    expect(output).toContain('Deploy shop 1 to 2 boxes of qa? [y/N] ');
    expect(code).toBe(0);
    expect(output).toContain('\u001b[32mdone\u001b[39m');
    expect(fleet.boxes.map((box) => box.live())).toEqual(['1', '1']);
  });

  it.each([
    ['no', 'n\r', 3, 'nothing was done'],
    ['nothing', '\r', 3, 'nothing was done'],
    ['the end of the input', '\u0004', 3, 'nothing was done'],
    ['Ctrl+C', '\u0003', 4, 'stopped, and nothing was done'],
  ])('does nothing after %s', async (_, typed, expected, message) => {
    const fleet = await fleetOf('qa: {}');
    const { code, output } = await onTerminal(fleet, typed);
    expect({ code, output }).toEqual({ code: expected, output: expect.stringContaining(message) });
    expect(fleet.boxes.map((box) => box.live())).toEqual([undefined, undefined]);
  });

  it('wants the name of a protected environment', async () => {
    const fleet = await fleetOf('qa: {protected: true}');
    const yes = await onTerminal(fleet, 'y\r');
    expect(yes.output).toContain('Deploy shop 1 to 2 boxes of qa? Type qa to go on: ');
    expect(yes.code).toBe(3);
    expect(fleet.boxes.map((box) => box.live())).toEqual([undefined, undefined]);
    expect((await onTerminal(fleet, 'qa\r')).code).toBe(0);
    expect(fleet.boxes.map((box) => box.live())).toEqual(['1', '1']);
  });
});
