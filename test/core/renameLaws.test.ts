import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rename } from '../../core/features/rename/rename.ts';
import { compactStyle, effectiveJson } from '../../core/render/json.ts';
import { renderConfiguration, renderPublic } from '../../core/render/render.ts';
import { applyEdits, type FileEdit } from '../../core/text/edits.ts';
import { buildContextsOf, contextsOf } from '../../core/workspace/workspace.ts';
import { writtenKeys } from '../../core/yaml/writtenKeys.ts';
import { modelOf } from '../support/fixture.ts';

type Quote = '' | "'" | '"';
type Value = string | Line[];
interface Line {
  parts: string[];
  quote: Quote;
  comment: boolean;
  flow: boolean;
  value: Value;
}

const part = fc.constantFrom('a', 'b', 'c d', "it's");
const scalar = fc.constantFrom(
  '1',
  '"x # y"',
  '[a, b]',
  '!missing',
  '!deleted',
  "'a: b'",
  '*x',
  '!replace [a]',
);

const { lines } = fc.letrec<{ lines: Line[]; value: Value }>((tie) => ({
  lines: fc.array(
    fc.record({
      parts: fc.array(part, { minLength: 1, maxLength: 2 }),
      quote: fc.constantFrom<Quote>('', "'", '"'),
      comment: fc.boolean(),
      flow: fc.boolean(),
      value: tie('value') as fc.Arbitrary<Value>,
    }),
    { maxLength: 3 },
  ) as fc.Arbitrary<Line[]>,
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('lines'),
  ) as fc.Arbitrary<Value>,
}));

const files = [
  '/w/configs/common.yaml',
  '/w/configs/common-qa.yaml',
  '/w/configs/site.yaml',
  '/w/shop/deploy/configuration/shop-default.yaml',
  '/w/shop/deploy/configuration/shop-qa.yaml',
];

const layer = fc
  .tuple(lines, fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([content, eol, inherits]) => layerText(content, eol, inherits));

const workspace = fc
  .record({
    layers: fc.array(layer, { minLength: files.length, maxLength: files.length }),
    publicKeys: fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  })
  .map(({ layers, publicKeys }) => {
    const texts = new Map(files.map((file, index) => [file, layers[index]!]));
    const entries = publicKeys.map((parts) => `- "${parts.join('.')}" # one\n`);
    texts.set('/w/shop/deploy/configuration/public-data.yaml', entries.join(''));
    texts.set(
      '/w/strata.yaml',
      'configs: [configs]\napps: {shop: shop, site: site}\nenvironments: [qa, prod]\n',
    );
    return texts;
  });

function layerText(content: Line[], eol: string, inherits: boolean): string {
  const anchor = ['# a layer', 'base: &x {a: 1, b: {a: 2}}', ...(inherits ? ['<<: *x'] : [])];
  return [...anchor, ...content.flatMap((one) => written(one, ''))].join(eol) + eol;
}

function written({ parts, quote, comment, flow, value }: Line, indent: string): string[] {
  const name = parts.join('.');
  const inner = quote === "'" ? name.replaceAll("'", "''") : name;
  const key = `${indent}${quote}${inner}${quote}`;
  const note = comment ? '   # a, b' : '';
  if (typeof value === 'string') return [`${key}: ${value}${note}`];
  if (flow || value.length === 0) return [`${key}: ${inFlow(value)}${note}`];
  return [`${key}:${note}`, ...value.flatMap((one) => written(one, `${indent}   `))];
}

function inFlow(value: Value): string {
  if (typeof value === 'string') return value === '!missing' || value === '!deleted' ? `${value} ''` : value;
  return `{${value.map((one) => `"${one.parts.join('.')}": ${inFlow(one.value)}`).join(', ')} }`;
}

type Json = { [key: string]: Json };

/** Every effective configuration and its public part, as JSON. */
function everything(texts: ReadonlyMap<string, string>): Map<string, Json> {
  const model = modelOf(texts);
  const all = model.workspace.apps.flatMap(({ name }) => [
    ...contextsOf(model.workspace, name),
    ...buildContextsOf(model.workspace, name),
  ]);
  return new Map(
    all.map((of) => {
      const { root } = renderConfiguration(model, of);
      const open = renderPublic(model, of, root)?.root ?? { kind: 'mapping', entries: new Map() };
      const json = (one: typeof root) => JSON.parse(effectiveJson(one, compactStyle)) as Json;
      return [JSON.stringify(of), { whole: json(root), open: json(open as typeof root) }];
    }),
  );
}

function withRenamed(json: Json, [first, ...rest]: string[], newName: string): Json {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key !== first) return [key, value];
      return rest.length === 0 ? [newName, value] : [key, withRenamed(value, rest, newName)];
    }),
  );
}

function edited(texts: ReadonlyMap<string, string>, edits: readonly FileEdit[]): Map<string, string> {
  return new Map(
    [...texts].map(([file, text]) => [
      file,
      applyEdits(
        text,
        edits.filter((edit) => edit.file === file),
      ),
    ]),
  );
}

/** A workspace, a part of a key in it, and a new name. */
const asked = fc
  .tuple(workspace, fc.nat(), fc.constantFrom('new', 'b', 'x y', "i's", '# no', 'a, {b}', '"', 'null'))
  .map(([texts, index, newName]) => {
    const keys = files.flatMap((file) =>
      writtenKeys(file, texts.get(file)!, '1.2').keys.map((key) => ({ file, key })),
    );
    return { texts, newName, ...keys[index % keys.length]! };
  });

describe('rename', () => {
  it('changes the name in every effective configuration, and nothing else', () => {
    let done = 0;
    fc.assert(
      fc.property(asked, ({ texts, newName, file, key }) => {
        const offset = key.name!.ranges[key.part]!.start;
        const result = rename(modelOf(texts), file, offset, newName);
        if ('refusal' in result) return;
        done++;
        const after = everything(edited(texts, result.edits));
        const affected = new Set(result.edits.length === 0 ? [] : affectedApps(texts, file));
        for (const [of, before] of everything(texts)) {
          const now = JSON.stringify(after.get(of));
          const path = key.path;
          const wanted = JSON.stringify({
            whole: withRenamed(before.whole!, path, newName),
            open: withRenamed(before.open!, path, newName),
          });
          const concerned = affected.has(JSON.parse(of).app) || now === wanted;
          expect(now).toBe(concerned ? wanted : JSON.stringify(before));
        }
      }),
      { numRuns: 200 },
    );
    expect(done).toBeGreaterThan(20);
  });

  it('touches no other byte: renamed back, every file is what it was', () => {
    fc.assert(
      fc.property(asked, ({ texts, file, key }) => {
        const offset = key.name!.ranges[key.part]!.start;
        const there = rename(modelOf(texts), file, offset, 'renamed');
        if ('refusal' in there) return;
        const now = edited(texts, there.edits);
        const moved = there.edits.filter((edit) => edit.file === file && edit.range.start < offset);
        const shift = moved.reduce(
          (sum, { range, text }) => sum + text.length - (range.end - range.start),
          0,
        );
        const back = rename(modelOf(now), file, offset + shift, key.path.at(-1)!);
        if ('refusal' in back) throw new Error(JSON.stringify(back.refusal));
        expect(edited(now, back.edits)).toEqual(texts);
        for (const edit of there.edits) expect(edit.text).toBe('renamed');
      }),
      { numRuns: 200 },
    );
  });
});

function affectedApps(texts: ReadonlyMap<string, string>, file: string): string[] {
  return modelOf(texts)
    .readers(file)
    .map((of) => of.app);
}
