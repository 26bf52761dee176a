import deepmerge from 'deepmerge';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { stringify } from 'yaml';
import { mergeStack } from '../../core/merge/merge.ts';
import { resolveSetting, settingAtPath } from '../../core/merge/resolve.ts';
import type { EffectiveMapping, EffectiveValue, Setting, StackLayer } from '../../core/merge/setting.ts';
import { winningSay } from '../../core/merge/setting.ts';
import { compactStyle, configurationJson, effectiveJson, nodeJson } from '../../core/render/json.ts';
import { pythonFloat } from '../../core/render/pythonNumber.ts';
import { configurationYaml } from '../../core/render/yaml.ts';
import { defaultPolicy } from '../../core/workspace/workspace.ts';
import { parseText } from '../../core/yaml/parse.ts';
import type { LayerNode } from '../../core/yaml/tree.ts';
import { stackOf } from '../support/fixture.ts';

type Plain = string | boolean | number | null | Plain[] | { [key: string]: Plain };

/** Keys that meet often, so that layers overlap. */
const key = fc.constantFrom('a', 'b', 'c', 'd', '10', 'x y');
const scalar = fc.oneof(fc.string(), fc.boolean(), fc.integer());

/** Values of which each key has one type everywhere, so that no layer is refused. */
const typed = fc.letrec<{ mapping: Record<string, Plain> }>((tie) => ({
  mapping: fc.record(
    {
      a: fc.string(),
      b: fc.integer(),
      c: fc.array(scalar, { maxLength: 3 }),
      d: tie('mapping'),
      '10': fc.boolean(),
    },
    { requiredKeys: [] },
  ),
})).mapping as fc.Arbitrary<Plain>;

/** YAML text of any mapping, with placeholders, deletions, replacements and types that do not fit. */
const anyLayer = fc
  .array(
    fc.tuple(
      fc.array(key, { minLength: 1, maxLength: 3 }),
      fc.oneof(
        scalar.map((value) => JSON.stringify(value)),
        fc.constantFrom('null', '!missing', '!deleted', '{}', '1.5'),
        fc.array(scalar, { maxLength: 2 }).map((list) => JSON.stringify(list)),
        fc.array(scalar, { maxLength: 2 }).map((list) => `!replace ${JSON.stringify(list)}`),
      ),
    ),
    { maxLength: 6 },
  )
  .map((lines) => {
    const distinct = new Map(lines.map(([path, value]) => [path.join('.'), value]));
    return [...distinct].map(([path, value]) => `${JSON.stringify(path)}: ${value}\n`).join('');
  });

const anyStack = fc.array(anyLayer, { maxLength: 5 }).map((texts) => stackOf(texts));

describe('the merge', () => {
  it('agrees with deepmerge where deepmerge can say the same', () => {
    fc.assert(
      fc.property(fc.array(typed, { minLength: 1, maxLength: 4 }), (values) => {
        const stack = stackOf(values.map((value) => stringify(value, { defaultStringType: 'QUOTE_DOUBLE' })));
        const { root } = mergeStack(stack, defaultPolicy);
        const plain = deepmerge.all(values as object[], { arrayMerge: (low, high) => [...low, ...high] });
        return sameJson(JSON.parse(configurationJson(root)), plain);
      }),
    );
  });

  it('ends each chain with what made the setting what it is', () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { root } = mergeStack(stack, defaultPolicy);
        return everySetting(root, (setting) => endsInValue(stack, setting));
      }),
    );
  });

  it('resolves one setting to what the whole merge gives it, and to the same chain', () => {
    fc.assert(
      fc.property(anyStack, fc.array(key, { minLength: 1, maxLength: 4 }), (stack, path) => {
        const whole = settingAtPath(mergeStack(stack, defaultPolicy).root.entries, path);
        const { setting } = resolveSetting(stack, defaultPolicy, path);
        return told(whole) === told(setting);
      }),
    );
  });
});

describe('what is written', () => {
  it('reads back from YAML as the same configuration', () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { root } = mergeStack(stack, defaultPolicy);
        const again = stackOf([configurationYaml(root)]);
        return configurationJson(mergeStack(again, defaultPolicy).root) === configurationJson(root);
      }),
    );
  });

  it('has floats that read back as the same float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = pythonFloat(value);
        return Object.is(Number(text), value) && /[.e]/.test(text);
      }),
    );
  });
});

describe('the reader', () => {
  it('answers any text with a tree and problems', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), brokenYaml()), (text) => {
        const { root } = parseText('/l.yaml', text, '1.2');
        return root.kind === 'mapping' && withinText(root, text.length);
      }),
      { numRuns: 500 },
    );
  });
});

/** Layers with a stretch taken out or put in. */
function brokenYaml(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    'a:',
    ' ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '!missing',
    '&x',
    '*x',
    '<<: ',
    '? ',
    ': ',
    '#',
    '|',
    '>',
    '%',
    '\t',
    '---',
    'ü',
    '\r',
  );
  return fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
}

function withinText(node: LayerNode, length: number): boolean {
  const { start, end } = node.range;
  if (!(start >= 0 && start <= end && end <= length)) return false;
  if (node.kind === 'list') return node.items.every((item) => withinText(item, length));
  if (node.kind !== 'mapping') return true;
  return [...node.entries.values()].every((entry) => withinText(entry.value, length));
}

function everySetting(mapping: EffectiveMapping, holds: (setting: Setting) => boolean): boolean {
  return [...mapping.entries.values()].every(
    (setting) => holds(setting) && (setting.value?.kind !== 'mapping' || everySetting(setting.value, holds)),
  );
}

/** Whether the last word of a chain, folded with those before it for a list, is the effective value. */
function endsInValue(stack: StackLayer[], setting: Setting): boolean {
  const last = winningSay(setting);
  if (last === undefined) return false;
  const { value } = setting;
  if (value === undefined) return last.action === 'delete';
  if (value.kind === 'mapping') return last.node.kind === 'mapping';
  if (value.kind === 'list') return setting.says.length > 0 && endsInItems(value, last);
  if (value.kind === 'missing') return last.action === 'require' && last.node === value.node;
  return (
    last.action === 'set' &&
    value.layer === last.layer &&
    stack[last.layer] !== undefined &&
    nodeJson(last.node, compactStyle) === effectiveJson(value, compactStyle)
  );
}

function endsInItems(value: EffectiveValue & { kind: 'list' }, last: Setting['says'][number]): boolean {
  const own = last.node.kind === 'list' ? last.node.items : [];
  const tail = value.items.slice(value.items.length - own.length);
  const replaces = last.action === 'append' || tail.length === value.items.length;
  return replaces && tail.every((item, index) => item.node === own[index] && item.layer === last.layer);
}

/** A setting in words: its value and who said what. */
function told(setting: Setting | undefined): string {
  if (setting === undefined) return 'nothing';
  const value = setting.value === undefined ? 'gone' : effectiveJson(setting.value, compactStyle);
  return `${value} ${setting.says.map((say) => `${say.layer}:${say.action}:${say.keyRange.start}`).join(' ')}`;
}

function sameJson(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
