import { describe, expect, it } from 'vitest';
import { type TestDoor, testDoor } from '../agent/support/door.ts';
import { memoryAgent } from '../agent/support/memoryAgent.ts';
import { newRelay } from '../remote/support/relay.ts';
import { boxWorkspace, type ManifestBox } from '../support/boxWorkspace.ts';
import { type Run, strata } from '../support/cli.ts';

function setUp(boxes: Record<string, ManifestBox>, tokens: Record<string, string>) {
  const options = boxWorkspace(boxes, tokens);
  return { run: (args: string[]): Promise<Run> => strata(['status', ...args], options) };
}

const urlOf = ({ host, port }: TestDoor) => `http://${host}:${port}`;
const deploy = (door: TestDoor, version: string) =>
  door.ask('POST', '/v1/deployments', { socket: true, body: { app: 'shop', version } });

describe('strata status', () => {
  it('tells what is live on the boxes, and what happens there', async () => {
    const us1 = await testDoor({ agent: memoryAgent({ shop: '1', blog: null }) });
    const qa1 = await testDoor();
    await deploy(us1, '2');
    us1.agent.happen('d1', { type: 'end', result: 'failed', reason: 'a hook \u001b[2Jfailed' });
    await deploy(qa1, '3');
    const { run } = setUp(
      {
        us1: { url: urlOf(us1), environment: 'production', cluster: 'us', labels: { rack: 'r1' } },
        qa1: { url: urlOf(qa1), environment: 'qa' },
        eu1: { url: 'http://127.0.0.1:1', environment: 'production', cluster: 'eu' },
        qa2: { url: `unix:${qa1.socket}`, environment: 'qa', apps: ['blog'] },
        us2: { url: urlOf(qa1), environment: 'production', cluster: 'us' },
      },
      { us1: us1.token(), qa1: qa1.token() },
    );
    const { code, stdout, stderr } = await run([]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    // The agents of the test tell times of 1970.
    expect(stdout.replaceAll(/\d{5} d/g, 'AGE    ')).toMatchInlineSnapshot(`
      "environment  cluster  box  app   live  since    previous  running                                    last deployment
      production   us       us1  shop  1     AGE      -         -                                          deploy 2 by socket failed AGE     ago: a hook failed
      production   us       us1  blog  -     -        -         -                                          -
      production   us       us2  -     -     -        -         -                                          it wants a token: set STRATA_TOKEN, or write it into the file of credentials
      production   eu       eu1  -     -     -        -         -                                          nothing listens there: is the agent running?
      qa           -        qa1  shop  1     AGE      -         deploy 3 by socket: accepted, for AGE      -
      qa           -        qa2  shop  1     AGE      -         deploy 3 by socket: accepted, for AGE      -
      "
    `);
    const one = await run(['shop', '--label', 'rack']);
    expect(one.code).toBe(0);
    expect(one.stdout.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^production +us +us1 +shop /),
      '',
    ]);
    const { boxes } = JSON.parse((await run(['--json', '--box', 'us1', '--box', 'eu1'])).stdout);
    expect(boxes).toMatchObject([
      {
        ...{ box: 'us1', environment: 'production', cluster: 'us', error: null },
        apps: [
          { app: 'shop', live: '1', since: 1, running: null, last: { id: 'd1', result: 'failed' } },
          { app: 'blog', live: null, since: null, last: null },
        ],
      },
      { box: 'eu1', apps: [], error: { code: 'unreachable' } },
    ]);
  });

  it('does not wait for a box that says nothing', async () => {
    const silent = await newRelay({ port: 1 });
    silent.swallow(true);
    const { run } = setUp({ qa1: { url: silent.url, environment: 'qa' } }, {});
    expect((await run(['--timeout', 'x'])).code).toBe(2);
    expect((await run(['--box', 'none'])).stderr).toContain('there is no box none');
    const { code, stdout } = await run(['--timeout', '0.2']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ qa1 .* no answer within 0\.2 s\n$/);
  });

  it('asks 50 boxes', async () => {
    const doors = await Promise.all(
      Array.from({ length: 50 }, () => testDoor({ agent: memoryAgent({ shop: '1', blog: '2' }) })),
    );
    const boxes = doors.map((door, at) => [`b${at}`, { url: urlOf(door), environment: 'qa' }] as const);
    const tokens = doors.map((door, at) => [`b${at}`, door.token()] as const);
    const { run } = setUp(Object.fromEntries(boxes), Object.fromEntries(tokens));
    const began = performance.now();
    const { code, stdout, stderr } = await run([]);
    const ms = performance.now() - began;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(102);
    console.log(`status of 50 boxes: ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(10_000);
  });
});
