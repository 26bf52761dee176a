import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deploy, liveVersion, story, uploadApp } from '../support/box.ts';
import { stepBox } from './stepBox.ts';

/** An app that answers with a text. */
async function answering(text: string, status = 200): Promise<string> {
  const server = http.createServer((_, response) => response.writeHead(status).end(text));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("an app's own tests", () => {
  it('are run behind its health check, and where they fail the release before is live again', async () => {
    const box = stepBox();
    const url = await answering('all is well');
    const files = (test: string) => ({
      'deploy/hooks/validate': test,
      'deploy/steps.yaml': `health: {http: "${url}", body: well, minHealthy: 0s}\n`,
    });
    await uploadApp(box, '1', files('echo valid'));
    await uploadApp(box, '2', files('echo broken; exit 7'));
    await box.with(async (agent) => {
      const first = await deploy(agent, { version: '1' });
      const told = await story(agent, first.id);
      expect(told.slice(-6)).toEqual([
        ...['activated', 'health true', 'validate stdout: valid', 'healthy', 'done', 'end done'],
      ]);
      expect(await deploy(agent, { version: '2' })).toMatchObject({
        result: 'rolled_back',
        reason: expect.stringContaining('the hook validate failed with exit code 7'),
      });
    });
    expect(liveVersion(box)).toBe('1');
  });
});

describe('a health check of the app', () => {
  it.each([
    [
      'body',
      'all is ill',
      '{http: "URL", body: well, minHealthy: 0s, timeout: 1s, interval: 50ms}',
      /no "well" in the answer/,
    ],
    [
      'status',
      'all is well',
      '{http: "URL", status: 204, minHealthy: 0s, timeout: 1s, interval: 50ms}',
      /status 200/,
    ],
  ])('wants its %s', async (_, text, health, reason) => {
    const url = await answering(text);
    const box = stepBox();
    const steps = `health: ${health.replace('URL', url)}\n`;
    expect(await box.deploy('1', { 'deploy/steps.yaml': steps })).toMatchObject({
      result: 'rolled_back',
      reason: expect.stringMatching(reason),
    });
  });

  it('may stand in its configuration, so that environments differ in it', async () => {
    const url = await answering('ill', 503);
    const configured = (healthcheck: object) => ({
      'configuration.json': JSON.stringify({ shop: { healthcheck } }),
    });
    const health = { http: url, timeout: '1s', interval: '50ms' };
    expect(await stepBox().deploy('1', configured(health))).toMatchObject({
      result: 'rolled_back',
      reason: expect.stringMatching(/not healthy after 1 s: status 503/),
    });
    expect(await stepBox().deploy('1', configured({ htp: url }))).toMatchObject({
      result: 'rolled_back',
      reason: expect.stringMatching(/the setting shop\.healthcheck is no health check: .*htp/),
    });
    // What Python writes for a number that JSON has no word for.
    const beside = {
      'configuration.json': `{"ratio": NaN, "shop": ${JSON.stringify({ healthcheck: health })}}`,
    };
    expect(await stepBox().deploy('1', beside)).toMatchObject({ result: 'rolled_back' });
    const off = { ...configured(health), 'deploy/steps.yaml': 'health: false\n' };
    expect(await stepBox().deploy('1', off)).toMatchObject({ result: 'done' });
  });
});
