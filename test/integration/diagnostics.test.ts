import { strict as assert } from 'node:assert';
import { activeExtension, onDiagnostics, open, problems } from './workspace.ts';

describe('problems', () => {
  before(async () => {
    await open('configs/common.yaml');
    await activeExtension();
  });

  for (const code of ['type-mismatch', 'missing-value', 'template-undefined']) {
    it(`show a ${code} of the app landing`, async () => {
      const { problem } = await onDiagnostics(`a ${code}`, () =>
        problems().find((it) => it.code === code && it.uri.path.includes('landing')),
      );
      assert.notEqual(problem.message, '');
      assert.ok(!problem.range.isEmpty, 'it underlines nothing');
    });
  }
});
