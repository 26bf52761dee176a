import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { context } from '../../core/layers/context.ts';
import { configurationJson } from '../../core/render/json.ts';
import { renderConfiguration, renderPublic } from '../../core/render/render.ts';
import { inferWorkspace } from '../../core/workspace/discover.ts';
import { openModel } from '../../core/workspace/model.ts';
import { diskSource } from '../../disk/diskSource.ts';

interface Case {
  app: string;
  environment: string;
  cluster: string | null;
  local: boolean;
  build: boolean;
  hostname: string | null;
  configs_dirs: string[];
}

const folder = path.resolve(import.meta.dirname, '../golden/yoconfigurator');
const cases = fs.readdirSync(folder).sort();

function read(name: string, file: string): string | undefined {
  const whole = path.join(folder, name, file);
  return fs.existsSync(whole) ? fs.readFileSync(whole, 'utf8') : undefined;
}

function render(name: string) {
  const at = path.join(folder, name);
  const call = JSON.parse(read(name, 'case.json') ?? '') as Case;
  const source = diskSource();
  const configs = call.configs_dirs.map((dir) => path.join(at, dir));
  const inferred = inferWorkspace(source, at, { apps: [], configs });
  const workspace = { ...inferred, apps: [{ name: call.app, folder: path.join(at, 'app') }] };
  const model = openModel(source, workspace);
  const of = context(call.app, call.environment, {
    cluster: call.cluster ?? undefined,
    mode: call.build ? 'build' : call.local ? 'local' : 'deploy',
    hostname: call.hostname ?? undefined,
  });
  const rendered = renderConfiguration(model, of);
  return { at, rendered, open: renderPublic(model, of, rendered.root) };
}

describe('the cases that yoconfigurator itself rendered', () => {
  it.each(cases)('%s', (name) => {
    const { at, rendered, open } = render(name);
    const failure = read(name, 'expected-error.json');
    if (failure !== undefined) {
      const expected = JSON.parse(failure);
      const [first] = rendered.problems;
      if (expected.kind === 'missing-value') {
        const paths = rendered.problems.map((one) => one.setting).sort();
        expect({ kind: first?.code, paths }).toEqual(expected);
      } else {
        const layer = path.relative(at, first?.file ?? '');
        expect({ kind: first?.code, path: first?.setting, layer }).toEqual(expected);
      }
      return;
    }
    expect(rendered.problems).toEqual([]);
    expect(configurationJson(rendered.root)).toBe(read(name, 'expected.json'));
    const expectedPublic = read(name, 'expected-public.json');
    if (expectedPublic !== undefined) {
      expect(open?.problems).toEqual([]);
      expect(open && configurationJson(open.root)).toBe(expectedPublic);
    }
  });
});
