import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../agent/plan/unifiedDiff.ts';
import { run } from '../../support/cli.ts';
import { newFolder } from '../../support/repository.ts';

const lines = (...all: (string | number)[]) => all.map((one) => `${one}\n`).join('');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('a unified diff', () => {
  it('shows what changes with three lines around it', () => {
    const before = lines(...numbers(1, 20));
    const after = lines(1, 2, 'three', ...numbers(4, 14), 'more', ...numbers(15, 18), 20);
    expect(unifiedDiff('f', before, after)).toMatchInlineSnapshot(`
      "--- f
      +++ f
      @@ -1,6 +1,6 @@
       1
       2
      -3
      +three
       4
       5
       6
      @@ -12,9 +12,9 @@
       12
       13
       14
      +more
       15
       16
       17
       18
      -19
       20
      "
    `);
  });

  it('is empty for equal texts, and tells files that come and go, and ends without a newline', () => {
    expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('');
    expect(unifiedDiff('f', undefined, undefined)).toBe('');
    expect(unifiedDiff('f', undefined, 'a\n')).toBe('--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n');
    expect(unifiedDiff('f', 'a\n', undefined)).toBe('--- f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
    expect(unifiedDiff('f', 'a', 'a\n')).toBe(
      '--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n',
    );
  });

  it('stays short, and does not take long, however much differs', () => {
    const many = (word: string) => lines(...numbers(1, 50_000).map((one) => `${word} ${one}`));
    const started = performance.now();
    const diff = unifiedDiff('f', many('a'), many('b'));
    expect(performance.now() - started).toBeLessThan(5000);
    expect(diff.length).toBeLessThan(65 * 1024);
    expect(diff).toMatch(/\n\\ \d+ more lines are not shown\n$/);
  });

  it('is what patch makes the new text of', async () => {
    const some = fc
      .array(fc.constantFrom('a', 'b', 'c', '{', ''), { maxLength: 30 })
      .map((all) => lines(...all));
    const any = fc.tuple(some, fc.boolean()).map(([text, cut]) => (cut ? text.replace(/\n$/, '') : text));
    const folder = newFolder();
    const file = path.join(folder, 'f');
    await fc.assert(
      fc.asyncProperty(any, any, async (before, after) => {
        fc.pre(before !== '' && after !== '' && before !== after);
        fs.writeFileSync(file, before);
        const diff = unifiedDiff('f', before, after);
        const { code } = await run(
          'patch',
          ['-s', '--no-backup-if-mismatch', '-F0', 'f'],
          { cwd: folder },
          diff,
        );
        expect([code, fs.readFileSync(file, 'utf8')]).toEqual([0, after]);
      }),
      { numRuns: 30 },
    );
  });
});
