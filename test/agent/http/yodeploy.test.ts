import { describe, expect, it } from 'vitest';
import { run } from '../../support/cli.ts';
import { testDoor } from '../support/door.ts';
import { memoryAgent } from '../support/memoryAgent.ts';

/** A door, and what curl says to one of its addresses. */
async function driven() {
  const door = await testDoor({
    agent: memoryAgent({ shop: '1', blog: null }),
    config: 'apps: {wiki: {}}',
  });
  const token = door.token({ name: 'deployer' });
  const curl = async (path: string, ...args: string[]) => {
    const url = `http://${door.host}:${door.port}${path}`;
    const all = ['-sS', '-w', '\n%{http_code}', '-u', `deployer:${token}`, ...args, url];
    const { stdout } = await run('curl', all, { cwd: '/' });
    const at = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
  };
  return { door, token, curl };
}

describe("yodeploy's interface", () => {
  it('lists the apps and shows one', async () => {
    const { curl } = await driven();
    expect(await curl('/deploy/')).toEqual({
      status: 200,
      text: '{"applications":[{"name":"blog","version":null},{"name":"shop","version":"1"},{"name":"wiki","version":null}]}\n',
    });
    expect(await curl('/deploy/shop')).toEqual({
      status: 200,
      text: '{"application":{"name":"shop","version":"1"}}\n',
    });
    expect((await curl('/deploy/wiki')).status).toBe(200);
    const missing = await curl('/deploy/nope');
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.text)).toMatchObject({ error: 'Not found', status: 404 });
  });

  it.each([
    ['a form', ['-d', 'target=release-1&version=7&user=ann']],
    ['a form of several parts', ['-F', 'target=release-1', '-F', 'version=7', '-F', 'user=ann']],
  ])('deploys what %s says, and answers when it is done', async (_, args) => {
    const { door, curl } = await driven();
    const answer = curl('/deploy/shop', ...args);
    await expect.poll(() => door.agent.readers()).toBe(1);
    door.agent.happen('d1', { type: 'end', result: 'done' });
    expect(await answer).toEqual({ status: 200, text: '{"application":{"name":"shop","version":"7"}}\n' });
    expect(door.agent.asked).toEqual([
      {
        request: { app: 'shop', channel: 'release-1', version: '7', busy: 'wait' },
        by: 'ann (deployer)',
        key: undefined,
      },
    ]);
  });

  it('deploys the latest of master where nothing is said, and tells why it failed', async () => {
    const { door, curl } = await driven();
    const answer = curl('/deploy/shop', '-X', 'POST');
    await expect.poll(() => door.agent.readers()).toBe(1);
    door.agent.happen('d1', { type: 'end', result: 'rolled_back', reason: 'the hook deployed ended with 1' });
    const { status, text } = await answer;
    expect(JSON.parse(text)).toEqual({
      error: 'Server error',
      status: 500,
      detail: 'the hook deployed ended with 1',
    });
    expect(status).toBe(500);
    expect(door.agent.asked[0]?.request).toEqual({ app: 'shop', channel: 'master', busy: 'wait' });
  });

  it('lets in by name and token only, or by the token alone', async () => {
    const { door, token, curl } = await driven();
    expect((await curl('/deploy/', '-u', `other:${token}`)).status).toBe(401);
    expect((await curl('/deploy/', '-u', 'deployer:wrong')).status).toBe(401);
    expect((await door.ask('GET', '/deploy/', { token })).status).toBe(200);
    // A name and a password are for those who drive yodeploy; all else takes tokens.
    expect((await curl('/v1/apps')).status).toBe(401);
    expect((await curl('/deploy/shop', '-d', 'version=..')).status).toBe(400);
    expect((await curl('/deploy/shop', '-H', 'Content-Type: text/plain', '-d', 'x')).status).toBe(415);
    expect(door.agent.asked).toEqual([]);
  });
});
