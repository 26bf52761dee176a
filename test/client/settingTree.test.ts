import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterSettings, type SettingFilter, settingKey } from '../../client/tree/effectiveConfig/filter.ts';
import { nodeId, type SettingNode, settingNodes } from '../../client/tree/effectiveConfig/node.ts';
import type { ContextName } from '../../protocol/contexts.ts';
import type { EffectiveSetting } from '../../protocol/settings.ts';

const qa: ContextName = { app: 'shop', environment: 'qa', cluster: null, mode: 'deploy', label: 'qa' };

function setting(path: string, value = '1', file = 'common.yaml'): EffectiveSetting {
  const source = { file, uri: `file:///w/${file}`, line: 0, character: 0 };
  return { setting: path.split('.'), value, kind: 'own', source };
}

/** The nodes, those below indented. */
function lines(nodes: readonly SettingNode[], indent = ''): string[] {
  return nodes.flatMap(({ path, setting: leaf, children }) => [
    `${indent}${path.at(-1)}${leaf === undefined ? '' : `: ${leaf.value}`}`,
    ...lines(children, `${indent}  `),
  ]);
}

describe('the tree of settings', () => {
  it('has settings below the keys that lead to them, in their order', () => {
    const settings = ['b.x', 'a', 'b.deep.er', 'b.y'].map((path) => setting(path));
    expect(lines(settingNodes(qa, settings))).toEqual([
      'b',
      '  x: 1',
      '  deep',
      '    er: 1',
      '  y: 1',
      'a: 1',
    ]);
  });

  it('holds every setting once, and names every node apart', () => {
    const key = fc.constantFrom('a', 'b', 'a.b', '', '__proto__', 'constructor', '"');
    const paths = fc.uniqueArray(fc.array(key, { minLength: 1, maxLength: 3 }), { selector: settingKey });
    fc.assert(
      fc.property(paths, (all) => {
        // No setting stands below another one.
        const isLeaf = (path: string[]) =>
          !all.some((other) => other.length > path.length && path.every((one, at) => other[at] === one));
        const settings = all.filter(isLeaf).map((path) => ({ ...setting('x'), setting: path }));
        const found: string[] = [];
        const ids: string[] = [];
        const walk = (nodes: readonly SettingNode[]) => {
          for (const node of nodes) {
            ids.push(nodeId(node));
            if (node.setting !== undefined) found.push(settingKey(node.setting.setting));
            walk(node.children);
          }
        };
        walk(settingNodes(qa, settings));
        expect(found.sort()).toEqual(settings.map((one) => settingKey(one.setting)).sort());
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe('the filter of settings', () => {
  const settings = [
    setting('db.host', '"One"', 'qa.yaml'),
    setting('db.port', '5432'),
    setting('hosts', '["a"]'),
  ];
  const shown = (filter: SettingFilter, differing: string[][] = []) =>
    filterSettings(settings, filter, new Set(differing.map(settingKey))).map((one) => one.setting.join('.'));

  it.each<[SettingFilter, string[]]>([
    [{}, ['db.host', 'db.port', 'hosts']],
    [{ text: '  ' }, ['db.host', 'db.port', 'hosts']],
    [{ text: 'DB' }, ['db.host', 'db.port']],
    [{ text: 'host one' }, ['db.host']],
    [{ text: '5432' }, ['db.port']],
    [{ layer: { uri: 'file:///w/qa.yaml', file: 'qa.yaml' } }, ['db.host']],
    [{ text: 'port', layer: { uri: 'file:///w/qa.yaml', file: 'qa.yaml' } }, []],
  ])('%j lets %j through', (filter, expected) => {
    expect(shown(filter)).toEqual(expected);
  });

  it('lets through what differs from another context, also as a part of what differs as a whole', () => {
    expect(shown({ differsFrom: qa }, [['hosts']])).toEqual(['hosts']);
    expect(shown({ differsFrom: qa }, [['db']])).toEqual(['db.host', 'db.port']);
    expect(shown({ differsFrom: qa })).toEqual([]);
  });
});
