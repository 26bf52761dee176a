import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Change } from '../../core/features/actions/action.ts';
import { valueShape } from '../../core/features/actions/guard.ts';
import { lint } from '../../core/features/lint.ts';
import { renderConfiguration } from '../../core/render/render.ts';
import type { Model } from '../../core/workspace/model.ts';
import { buildContextsOf, contextsOf } from '../../core/workspace/workspace.ts';
import { yamlTokens } from '../../core/yaml/tokens.ts';
import { writtenKeys } from '../../core/yaml/writtenKeys.ts';
import { actionsAt, changed, shown } from '../support/actions.ts';
import { anyLayerFiles, anyWorkspace } from '../support/anyLayers.ts';
import { modelOf } from '../support/fixture.ts';

/** Something that was done, with the files before and after. */
interface Done {
  action: Action;
  change: Change;
  before: Model;
  after: Model;
  texts: ReadonlyMap<string, string>;
  now: ReadonlyMap<string, string>;
}

/** Tries every action of some kinds at one key of each workspace. */
function everyAction(only: string[], check: (done: Done) => void): { done: number; offered: number } {
  const count = { done: 0, offered: 0 };
  fc.assert(
    fc.property(anyWorkspace, fc.nat(), (texts, index) => {
      const keys = anyLayerFiles.flatMap((file) =>
        writtenKeys(file, texts.get(file)!, '1.2').keys.map((key) => ({ file, key })),
      );
      const { file, key } = keys[index % keys.length]!;
      const before = modelOf(texts);
      const offset = key.name?.ranges[key.part]?.start ?? key.start;
      for (const action of actionsAt(before, file, offset, { only })) try_(action, texts, before);
    }),
    { numRuns: 120 },
  );
  return count;

  function try_(action: Action, texts: Map<string, string>, before: Model): void {
    count.offered++;
    const change = action.change();
    if (change === undefined) return;
    count.done++;
    const now = changed(texts, change);
    check({ action, change, before, after: modelOf(now), texts, now });
  }
}

function configurations(model: Model): string[] {
  const all = model.workspace.apps.flatMap(({ name }) => [
    ...contextsOf(model.workspace, name),
    ...buildContextsOf(model.workspace, name),
  ]);
  return all.map((of) => valueShape(renderConfiguration(model, of).root));
}

function comments(texts: ReadonlyMap<string, string>): string[] {
  const all = [...texts.values()].flatMap((text) =>
    yamlTokens(text)
      .filter(({ kind }) => kind === 'comment')
      .map(({ start, end }) => text.slice(start, end).trimEnd()),
  );
  return all.sort();
}

/** A change is of whole stretches that do not touch each other, and leaves what can be read readable. */
function isClean({ change, before, after, texts }: Done): void {
  for (const [file, text] of texts) {
    const own = change.edits
      .filter((edit) => edit.file === file)
      .sort((a, b) => a.range.start - b.range.start);
    own.forEach(({ range }, index) => {
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThanOrEqual(own[index + 1]?.range.start ?? text.length);
    });
    expect(after.layer(file)?.problems.length ?? 0).toBeLessThanOrEqual(
      before.layer(file)?.problems.length ?? 0,
    );
    const breaks = (one: string) => new Set(one.match(/\r\n|\n/g) ?? []).size;
    expect(breaks(after.layer(file)?.text ?? '')).toBeLessThanOrEqual(Math.max(1, breaks(text)));
  }
}

const limit = 60_000;

describe('rewriting', () => {
  it('of dotted keys and shared settings changes no configuration and loses no comment', {
    timeout: limit,
  }, () => {
    const { done, offered } = everyAction(['refactor.rewrite', 'refactor.extract'], (all) => {
      isClean(all);
      if (all.action.title.includes('list below')) return;
      expect(configurations(all.after)).toEqual(configurations(all.before));
      if (all.action.kind === 'refactor.rewrite') expect(comments(all.now)).toEqual(comments(all.texts));
    });
    // Some cannot be carried out; how many were offered at all is left to chance.
    expect(done).toBeGreaterThan(offered / 2);
  });
});

describe('any text', () => {
  it('is answered, however broken it is', { timeout: limit }, () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '!replace ',
      '&x ',
      '*x',
      '<<',
      '# c',
      '\t',
      '|',
      '? ',
      '---\n',
      '.',
      '\r\n',
      '!missing',
      '1',
      '\u{1f600}',
    );
    const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.tuple(text, text, text), fc.nat(25), ([common, qa, own], offset) => {
        const texts = new Map([
          ['/w/strata.yaml', 'configs: [configs]\napps: {shop: shop}\nenvironments: [qa, prod]\n'],
          ['/w/configs/common.yaml', common],
          ['/w/configs/common-qa.yaml', qa],
          ['/w/configs/common-prod.json', own],
          ['/w/shop/deploy/configuration/public-data.yaml', own],
        ]);
        const model = modelOf(texts);
        for (const file of texts.keys()) {
          for (const action of actionsAt(model, file, offset, { only: [''] })) action.change();
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('moving', () => {
  it('gives the target the same, takes it from the source, and keeps every comment', {
    timeout: limit,
  }, () => {
    const { done, offered } = everyAction(['refactor.move', 'refactor.copy'], (all) => {
      isClean(all);
      if (all.action.kind === 'refactor.move') expect(comments(all.now)).toEqual(comments(all.texts));
      else expect(comments(all.now).length).toBeGreaterThanOrEqual(comments(all.texts).length);
    });
    expect(done).toBeGreaterThan(offered / 5);
  });
});

type Told = ReturnType<typeof lint>;

function keyOf({ code, setting, file }: Told[number]): string {
  return `${code} ${setting} ${file}`;
}

/** How much there is of a problem: how often, in how many contexts. */
function amount(all: Told, key: string): number {
  const same = all.filter((one) => keyOf(one) === key);
  return same.reduce((sum, one) => sum + 1 + one.contexts.length, 0);
}

function mends(all: Done, finding: Told[number], findings: Told): void {
  isClean(all);
  const left = lint(all.after);
  const told = JSON.stringify({ action: all.action.title, finding, now: [...all.now] });
  if (all.action.title.startsWith('Remove'))
    expect(configurations(all.after)).toEqual(configurations(all.before));
  // A key that is given a third time is told in place of the second.
  const less = finding.code === 'duplicate-key' ? 1 : 0;
  expect(amount(left, keyOf(finding)), told).toBeLessThan(amount(findings, keyOf(finding)) + less);
  const known = new Set(findings.map(keyOf));
  const errors = left.filter((one) => one.severity === 'error' && !known.has(keyOf(one)));
  expect(errors.map(keyOf), told).toEqual([]);
}

describe('a fix', () => {
  it('makes its problem go away and makes no new error', { timeout: limit }, () => {
    const counts = { offered: 0, done: 0 };
    fc.assert(
      fc.property(anyWorkspace, (texts) => {
        const before = modelOf(texts);
        const findings = lint(before);
        for (const finding of findings) {
          const asked = { problems: [shown(finding)], only: ['quickfix'] };
          for (const action of actionsAt(before, finding.file, finding.range.start, asked)) {
            counts.offered++;
            const change = action.change();
            if (change === undefined) continue;
            counts.done++;
            const now = changed(texts, change);
            mends({ action, change, before, after: modelOf(now), texts, now }, finding, findings);
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(counts.done).toBeGreaterThan(counts.offered / 2);
  });
});
