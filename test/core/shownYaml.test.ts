import { expect, it } from 'vitest';
import { mergeStack } from '../../core/merge/merge.ts';
import { configurationJson } from '../../core/render/json.ts';
import { configurationYaml } from '../../core/render/yaml.ts';
import { defaultPolicy } from '../../core/workspace/workspace.ts';
import { stackOf } from '../support/fixture.ts';

it('shows keys that YAML would take for something else in quotes', () => {
  const { root } = mergeStack(stackOf(['"\\ufeffa": 1\nb:\n  "<<": {c: 1}\n']), defaultPolicy);
  const shown = configurationYaml(root);
  expect(shown).toBe('"\ufeffa": 1\nb:\n  "<<":\n    c: 1\n');
  const again = mergeStack(stackOf([shown]), defaultPolicy).root;
  expect(configurationJson(again)).toBe(configurationJson(root));
});
