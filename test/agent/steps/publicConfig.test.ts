import { describe, expect, it } from 'vitest';
import { stepBox } from './stepBox.ts';

const files = {
  'deploy/steps.yaml': 'config: {public: {file: static/app.js}}\n',
  'static/app.js': 'var a = <%= config %>; var b = <%= config %>;\n',
  'configuration_public.json': '{"shop": {"html": "</script>$&"}}',
};

describe('the public settings', () => {
  it('take the place of the token in the file that the app names', async () => {
    const box = stepBox();
    expect(await box.deploy('1', files)).toMatchObject({ result: 'done' });
    const settings = '{"shop": {"html": "\\u003c/script>$&"}}';
    expect(box.text('live/static/app.js')).toBe(`var a = ${settings}; var b = ${settings};\n`);
  });

  it('take the place of another token where the app says so', async () => {
    const box = stepBox();
    const steps = 'config: {public: {file: static/app.js, token: "%CONFIG%"}}\n';
    const more = { 'deploy/steps.yaml': steps, 'static/app.js': '%CONFIG%' };
    expect(await box.deploy('1', { ...files, ...more })).toMatchObject({ result: 'done' });
    expect(box.text('live/static/app.js')).toContain('"shop"');
  });

  it.each([
    [
      'the file is not there',
      { 'static/app.js': undefined },
      /no static\/app\.js, which config\.public\.file names/,
    ],
    ['the token is not in it', { 'static/app.js': 'nothing' }, /static\/app\.js has no <%= config %>/],
    ['nothing is public', { 'configuration_public.json': undefined }, /makes no settings public: list them/],
  ])('are refused where %s', async (_, changed, reason) => {
    const all = Object.entries({ ...files, ...changed }).filter((one) => one[1] !== undefined);
    const deployment = await stepBox().deploy('1', Object.fromEntries(all) as typeof files);
    expect(deployment).toMatchObject({ result: 'failed', reason: expect.stringMatching(reason) });
  });

  it('and every mistake in deploy/steps.yaml is told with its place', async () => {
    const wrong = 'config: {public: {fiel: x}}\nsystemdd: true\n';
    const { reason } = await stepBox().deploy('1', { ...files, 'deploy/steps.yaml': wrong });
    expect(reason).toMatch(/^deploy\/steps\.yaml:1:\d+: .*fiel.*; .*deploy\/steps\.yaml:2:1: .*systemd/);
  });
});
