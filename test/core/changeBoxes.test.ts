import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBox, type NewBox, removeBox } from '../../core/features/boxes/changeBoxes.ts';
import { applyEdits } from '../../core/text/edits.ts';

const us1: NewBox = {
  name: 'us1',
  url: 'https://us1.example:7878',
  environment: 'production',
  cluster: 'us',
};

function added(text: string, box: NewBox = us1, file = '/strata.yaml'): string {
  const result = addBox({ file, text }, box);
  return 'refusal' in result ? `refused: ${result.refusal}` : applyEdits(text, result.edits);
}

function removed(text: string, name = 'us1'): string {
  const result = removeBox({ file: '/strata.yaml', text }, name);
  return 'refusal' in result ? `refused: ${result.refusal}` : applyEdits(text, result.edits);
}

const lines = `
  us1:
    url: https://us1.example:7878
    environment: production
    cluster: us
`;

describe('a box that is added', () => {
  it('is the first one of an empty manifest, and of one without boxes', () => {
    expect(added('')).toBe(`boxes:${lines}`);
    expect(added('# ours\nconfigs: [configs] # where they are\n')).toBe(
      `# ours\nconfigs: [configs] # where they are\nboxes:${lines}`,
    );
    expect(added('boxes:\nconfigs: [configs]\n')).toBe(`boxes:${lines}configs: [configs]\n`);
  });

  it('stands behind the others, and nothing else changes', () => {
    const before = `boxes: # all of them
    # the old one
    qa: { url: "http://qa:1", environment: qa } # soon gone
# the end
`;
    const now = `boxes: # all of them
    # the old one
    qa: { url: "http://qa:1", environment: qa } # soon gone
    us1:
        url: https://us1.example:7878
        environment: production
        cluster: us
# the end
`;
    expect(added(before)).toBe(now);
  });

  it('goes into braces where there are some, and keeps the line ends', () => {
    expect(added('boxes: { qa: { url: "http://qa:1", environment: qa } }\n')).toBe(
      'boxes: { qa: { url: "http://qa:1", environment: qa }, us1: { url: https://us1.example:7878, environment: production, cluster: us } }\n',
    );
    expect(added('configs: [configs]\r\n')).toBe(
      `configs: [configs]\r\nboxes:${lines.replaceAll('\n', '\r\n')}`,
    );
  });

  it('has names that are read as text, with dots as well', () => {
    const box = { name: 'us1.example', url: 'unix:/run/agent.sock', environment: 'on', cluster: '1' };
    expect(added('boxes:\n  "us2.example": {url: "http://a:1", environment: qa}\n', box)).toContain(
      `us1.example":\n    url: unix:/run/agent.sock\n    environment: "on"\n    cluster: "1"\n`,
    );
  });

  it('is refused where it cannot be', () => {
    expect(added(`boxes:${lines}`)).toBe('refused: there is a box `us1` already');
    expect(added('', { ...us1, name: 'us 1' })).toMatch(/^refused: a name has 1 to 64/);
    expect(added('', { ...us1, url: 'us1' })).toMatch(/^refused: `us1` is no address/);
    expect(added('', { ...us1, url: 'https://a:b@us1' })).toMatch(/^refused: a password/);
    for (const broken of ['boxes: [', '- a\n', 'boxes: none\n', 'a: &x {}\nboxes: *x\n']) {
      expect(added(broken)).toMatch(/^refused: the manifest is written in a way/);
    }
  });
});

describe('a box that is removed', () => {
  it('goes with what is said of it alone', () => {
    expect(removed(`# ours\nboxes:${lines}configs: [configs]\n`)).toBe('# ours\nconfigs: [configs]\n');
    const two =
      'boxes:\n  # about us1\n  us1: {url: "http://a:1", environment: qa}\n\n  us2: {url: "http://b:1", environment: qa}\n';
    expect(removed(two)).toBe('boxes:\n\n  us2: {url: "http://b:1", environment: qa}\n');
    expect(removed(two, 'us3')).toBe('refused: there is no box `us3`');
  });

  it('gives back the text that it was added to', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/);
    const box = fc.record({
      name: name.filter((one) => one !== 'qa'),
      url: fc.constantFrom('https://a.example', 'ssh://me@a', 'unix:/run/a.sock', 'http://[::1]:1'),
      environment: name,
      cluster: fc.option(name),
    });
    const text = fc.constantFrom(
      'boxes:\n  qa:\n    url: http://qa:1\n    environment: qa\n',
      'boxes:\r\n  qa: {url: "http://qa:1", environment: qa} # one\r\n\r\nconfigs: []\r\n',
      'configs: []\n# the end\n',
      'boxes: {qa: {url: "http://qa:1", environment: qa}}\n',
    );
    fc.assert(
      fc.property(text, box, (before, one) => {
        const now = added(before, one);
        expect(now).not.toMatch(/^refused/);
        expect(removed(now, one.name)).toBe(before);
      }),
    );
  });
});
