import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { strata } from '../support/cli.ts';

interface Case {
  app: string;
  environment: string;
  cluster: string | null;
  local: boolean;
  build: boolean;
  hostname: string | null;
  configs_dirs: string[];
}

type Failure =
  | { kind: 'type-mismatch'; path: string; layer: string }
  | { kind: 'missing-value'; paths: string[] };

const folder = path.resolve(import.meta.dirname, '../golden/yoconfigurator');
const cases = fs.readdirSync(folder).sort();
const has = (file: string) => (name: string) => fs.existsSync(path.join(folder, name, file));

/** The call of test/golden/README.md. */
function call(name: string, at = path.join(folder, name)): string[] {
  const one = JSON.parse(read(name, 'case.json')) as Case;
  const { app, environment, cluster, hostname } = one;
  return [
    ...['render', app, environment],
    ...one.configs_dirs.flatMap((dir) => ['-d', path.join(at, dir)]),
    ...['-a', path.join(at, 'app')],
    ...(cluster === null ? [] : ['-c', cluster]),
    ...(one.local ? ['-l'] : []),
    ...(one.build ? ['-b'] : []),
    ...(hostname === null ? [] : ['-H', hostname]),
  ];
}

function read(name: string, file: string): string {
  return fs.readFileSync(path.join(folder, name, file), 'utf8');
}

/** Some cases have no folder for the app or for a central directory. */
function withoutWarnings(stderr: string): string {
  return stderr.replace(/^strata: warning: there is no folder .*\n/gm, '');
}

const line = /^(?<file>.+?):\d+:\d+: error (?<code>[a-z-]+): (?<setting>.+?): .+$/;

describe.concurrent('strata render, on the cases that yoconfigurator itself rendered', () => {
  it.each(cases.filter(has('expected.json')))('%s prints configuration.json', async (name) => {
    const { code, stdout, stderr } = await strata(call(name), { cwd: folder });
    expect({ code, told: withoutWarnings(stderr) }).toEqual({ code: 0, told: '' });
    expect(stdout).toBe(read(name, 'expected.json'));
  });

  it.each(cases.filter(has('expected-public.json')))('%s prints the public one', async (name) => {
    const { code, stdout, stderr } = await strata([...call(name), '--public'], { cwd: folder });
    expect({ code, told: withoutWarnings(stderr) }).toEqual({ code: 0, told: '' });
    expect(stdout).toBe(read(name, 'expected-public.json'));
  });

  it.each(cases.filter(has('expected-public.json')))('%s writes both files', async (name) => {
    const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-test-'));
    try {
      fs.cpSync(path.join(folder, name), copy, { recursive: true });
      const { code } = await strata([...call(name, copy), '--write'], { cwd: copy });
      expect(code).toBe(0);
      const written = (file: string) => fs.readFileSync(path.join(copy, 'app', file), 'utf8');
      expect(written('configuration.json')).toBe(read(name, 'expected.json'));
      expect(written('configuration_public.json')).toBe(read(name, 'expected-public.json'));
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  });

  it.each(cases.filter(has('expected-error.json')))('%s is refused', async (name) => {
    const expected = JSON.parse(read(name, 'expected-error.json')) as Failure;
    const { code, stdout, stderr } = await strata(call(name), { cwd: path.join(folder, name) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const matches = stderr.split('\n').map((one) => line.exec(one)?.groups);
    const errors = matches.filter((groups) => groups !== undefined);
    expect(errors[0]).toMatchObject({ code: expected.kind });
    if (expected.kind === 'missing-value') {
      expect(errors.map((one) => one.setting).sort()).toEqual(expected.paths);
    } else {
      expect(errors[0]).toMatchObject({ setting: expected.path, file: expected.layer });
    }
  });
});
