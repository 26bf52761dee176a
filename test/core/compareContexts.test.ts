import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareContexts } from '../../core/features/compareContexts.ts';
import { valueText } from '../../core/features/explain.ts';
import { mergeStack } from '../../core/merge/merge.ts';
import { defaultPolicy } from '../../core/workspace/workspace.ts';
import { stackOf } from '../support/fixture.ts';

function side(...texts: string[]) {
  const stack = stackOf(texts);
  return { stack, ...mergeStack(stack, defaultPolicy) };
}

/** Each change on a line: `changed a.b: 1 (/0.yaml@3) → 2 (/0.yaml@3)`. */
function changes(left: ReturnType<typeof side>, right: ReturnType<typeof side>): string[] {
  return compareContexts(left, right).map((one) => {
    const [before, after] = [one.left, one.right].map(
      (it) => it && `${valueText(it.value)} (${it.file}@${it.keyRange.start})`,
    );
    return `${one.kind} ${one.setting.join('.')}: ${before ?? ''} → ${after ?? ''}`;
  });
}

describe('comparing two configurations', () => {
  it('goes mapping by mapping, in the order of the left one', () => {
    const left = side('b: 1\na: {x: 1, y: 2, gone: {deep: 1, deeper: {z: 1}}}\nsame: [1, {a: 1, b: 2}]\n');
    const right = side('same: [1, {b: 2, a: 1}]\nnew: {x: {y: 1}}\na: {y: 3, x: 1}\n', 'b: 2\n');
    expect(changes(left, right)).toMatchInlineSnapshot(`
      [
        "changed b: 1 (/0.yaml@0) → 2 (/1.yaml@0)",
        "changed a.y: 2 (/0.yaml@15) → 3 (/0.yaml@45)",
        "removed a.gone.deep: 1 (/0.yaml@28) → ",
        "removed a.gone.deeper.z: 1 (/0.yaml@46) → ",
        "added new.x.y:  → 1 (/0.yaml@34)",
      ]
    `);
  });

  it.each([
    ['an integer and a float', 'a: 1', 'a: 1.0', 'changed a: 1 (/0.yaml@0) → 1.0 (/0.yaml@0)'],
    [
      'large integers',
      'a: 9007199254740992',
      'a: 9007199254740993',
      'changed a: 9007199254740992 (/0.yaml@0) → 9007199254740993 (/0.yaml@0)',
    ],
    ['a text and a number', 'a: "1"', 'a: 1', 'changed a: "1" (/0.yaml@0) → 1 (/0.yaml@0)'],
    ['null and nothing', 'a: null', '', 'removed a: null (/0.yaml@0) → '],
    ['a mapping and a value', 'a: {b: 1}', 'a: 1', 'changed a: {"b": 1} (/0.yaml@0) → 1 (/0.yaml@0)'],
    ['an empty mapping and nothing', '', 'a: {}', 'added a:  → {} (/0.yaml@0)'],
    ['an empty mapping and a full one', 'a: {}', 'a: {b: 1}', 'added a.b:  → 1 (/0.yaml@4)'],
    [
      'lists in another order',
      'a: [1, 2]',
      'a: [2, 1]',
      'changed a: [1, 2] (/0.yaml@0) → [2, 1] (/0.yaml@0)',
    ],
    ['a list and a value', 'a: [1]', 'a: 1', 'changed a: [1] (/0.yaml@0) → 1 (/0.yaml@0)'],
    ['placeholders', 'a: !missing x', 'a: 1', 'changed a: !missing x (/0.yaml@0) → 1 (/0.yaml@0)'],
    ['the same placeholder', 'a: !missing x', 'a: !missing x'],
    ['NaN', 'a: .nan', 'a: .nan'],
    ['dotted keys', 'a.b: 1', 'a: {b: 1}'],
    ['keys with dots', 'a: {"b..c": 1}', 'a: {"b..c": 2}', 'changed a.b..c: 1 (/0.yaml@4) → 2 (/0.yaml@4)'],
    ['what an alias repeats', 'a: &x {k: 1}\nb: *x', 'a: {k: 1}\nb: {k: 1}'],
    ['what an element lacks', 'a: [{k: !deleted , j: 1}]', 'a: [{j: 1}]'],
    ['nothing at all', '', ''],
  ])('%s', (_, left, right, ...expected) => {
    expect(changes(side(left), side(right))).toEqual(expected);
  });

  it('leaves out what is taken away on both sides, and tells of the layer that wins', () => {
    expect(changes(side('a: {b: 1}', 'a: !deleted'), side(''))).toEqual([]);
    expect(changes(side('a: 1', 'a: 2'), side('a: 1'))).toEqual(['changed a: 2 (/1.yaml@0) → 1 (/0.yaml@0)']);
  });

  it('finds the same both ways round, and nothing between a configuration and itself', () => {
    const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom('x', null, 'y'));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        scalar,
        fc.array(tie('tree'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree')),
      ),
    }));
    const text = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree).map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [left, right] = [side(one), side(other)];
        expect(changes(left, side(one))).toEqual([]);
        const there = compareContexts(left, right).map((it) => it.setting.join('.'));
        const back = compareContexts(right, left).map((it) => it.setting.join('.'));
        expect(back.sort()).toEqual(there.sort());
      }),
    );
  });
});
