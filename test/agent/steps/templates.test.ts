import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stepBox } from './stepBox.ts';

const configuration = {
  'configuration.json':
    '{"common": {"mail": "a@b"}, "shop": {"port": 8000, "ratio": 1.0, "hosts": ["a", "b"]}}',
};

describe('the templates of an app', () => {
  it('are rendered into the release, each at its path', async () => {
    const box = stepBox();
    const files = {
      ...configuration,
      'deploy/templates/etc/app.ini':
        '{% import "_parts.ini" as parts %}port={{ aconf.port }} {{ aconf.ratio }}\n{{ parts.mail(cconf) }}\n',
      'deploy/templates/_parts.ini': '{% macro mail(of) %}mail={{ of.mail }}{% endmacro %}',
      'deploy/templates/hosts.txt.template': '{% for one in conf.shop.hosts %}{{ one }}\n{% endfor %}',
      'deploy/templates/systemd/shop.service': '{{ not.rendered.here }}',
    };
    expect(await box.deploy('1', files)).toMatchObject({ result: 'done' });
    expect(box.text('live/etc/app.ini')).toBe('port=8000 1.0\nmail=a@b\n');
    expect(box.text('live/hosts.txt')).toBe('a\nb\n');
    expect(fs.existsSync(box.at('live/_parts.ini'))).toBe(false);
    expect((fs.statSync(box.at('live/hosts.txt')).mode & 0o777).toString(8)).toBe('640');
  });

  it.each([
    [
      'name what is not set',
      '\n{{ aconf.prot }}\n',
      /deploy\/templates\/x\.txt:2:\d+: aconf\.prot is not set/,
    ],
    ['are no templates', '{% if %}', /deploy\/templates\/x\.txt:1:\d+: /],
  ])('are refused with their places where they %s', async (_, text, reason) => {
    const files = { ...configuration, 'deploy/templates/x.txt': text };
    const deployment = await stepBox().deploy('1', files);
    expect(deployment).toMatchObject({ result: 'failed', reason: expect.stringMatching(reason) });
  });

  it('do not take the place of what the artifact has', async () => {
    const files = { ...configuration, 'deploy/templates/x.txt': 'new', 'x.txt': 'old' };
    expect(await stepBox().deploy('1', files)).toMatchObject({
      result: 'failed',
      reason: 'deploy/templates/x.txt: the artifact has a file x.txt of its own',
    });
  });
});
