import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import { journalOutput } from '../../../agent/mask/hookOutput.ts';
import { createMask } from '../../../agent/mask/mask.ts';
import { maskedJournal } from '../../../agent/mask/maskEvents.ts';
import { type OutputOptions, outputLines } from '../../../agent/mask/outputLines.ts';
import { newFolder } from '../../artifact/support/folders.ts';
import { all, short } from '../journal/parts.ts';

function linesOf(chunks: (string | Buffer)[], secrets: string[] = [], options?: OutputOptions): string[] {
  const lines = outputLines(createMask(secrets), options);
  return [...chunks.flatMap((chunk) => lines.push(Buffer.from(chunk))), ...lines.end()];
}

test('lines end with LF or CRLF, and the last one needs no end', () => {
  expect(linesOf(['a\nb\r\n\nc'])).toEqual(['a', 'b', '', 'c']);
  expect(linesOf(['a', '\r', '\nb\n'])).toEqual(['a', 'b']);
  expect(linesOf([''])).toEqual([]);
  expect(linesOf(['10 %\r20 %\rdone\n'])).toEqual(['done']);
});

test('colours stay, and what is no UTF-8 is told as such', () => {
  expect(linesOf(['\u001b[31mred\u001b[0m\n'])).toEqual(['\u001b[31mred\u001b[0m']);
  expect(linesOf([Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82])])).toEqual(['a\ufffdb', '\ufffd']);
  const euro = Buffer.from('€\n');
  expect(linesOf([euro.subarray(0, 1), euro.subarray(1)])).toEqual(['€']);
});

test('a line that is too long comes in pieces, never within a character', () => {
  expect(linesOf(['abcdefgh\r\nij'], [], { longest: 4 })).toEqual(['abcd', 'efgh', 'ij']);
  expect(linesOf(['abc😀d\n'], [], { longest: 4 })).toEqual(['abc', '😀d']);
});

test('a hook registers a secret, and the line that does so is not told', () => {
  const options = { mayAddSecrets: true };
  expect(linesOf(['s3cret\n::add-', 'mask::s3cret\r\nhas s3cret\n'], [], options)).toEqual([
    's3cret',
    'has ***',
  ]);
  expect(linesOf(['::add-mask::one1%0Atwo2\nx two2 y\n'], [], options)).toEqual(['x *** y']);
  expect(linesOf(['::add-mask::s3cret'], [], options)).toEqual([]);
  expect(linesOf(['::add-mask::s3cret\n'], [])).toEqual(['::add-mask::s3cret']);
  const huge = 'k'.repeat(100_000);
  expect(linesOf([`::add-mask::${huge}\nafter ${huge.slice(0, 9000)}\n`], [], options).join('')).toMatch(
    /^after \*\*\*/,
  );
});

test('whatever the chunks and the length of the pieces, no secret gets through', () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom('hunter2', 'ter2xyz', 'hunt', '\n'),
      fc.string({ maxLength: 5, unit: 'grapheme' }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      text,
      fc.array(fc.integer({ min: 1, max: 12 })),
      fc.integer({ min: 1, max: 20 }),
      (parts, cuts, longest) => {
        const bytes = Buffer.from(parts.join('').replaceAll('\r', ''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(at));
        const mask = createMask(['hunter2', 'ter2xyz']);
        const whole = linesOf([bytes], ['hunter2', 'ter2xyz'], { longest: 1e6 });
        const shown = linesOf(chunks, ['hunter2', 'ter2xyz'], { longest });
        const plain = (lines: string[]) => lines.join('').replaceAll('*', '');
        expect(plain(shown)).toBe(plain(whole));
        expect(plain(shown)).toBe(mask.apply(bytes.toString()).replaceAll(/[*\n]/g, ''));
      },
    ),
    { numRuns: 500 },
  );
});

test('what a hook prints is in the journal, in order, secrets hidden', async () => {
  const journal = await fileJournals(newFolder()).create('d1');
  const mask = createMask(['hunter2']);
  const text = Array.from({ length: 25_000 }, (_, at) => `${at} hunter2\n`).join('');
  await journalOutput(Readable.from([Buffer.from(text), Buffer.from('end')]), {
    ...{ journal, mask, stage: 'prepare', stream: 'stdout' },
  });
  const told = (await all(journal)).map(short);
  expect(told).toHaveLength(25_001);
  expect([told[0], told.at(-2), told.at(-1)]).toEqual(['1 0 ***', '25000 24999 ***', '25001 end']);
  const careful = maskedJournal(journal, mask);
  await careful.append({ type: 'health', check: 'http', isHealthy: false, text: 'hunter2 refused' });
  await careful.append({ type: 'end', result: 'failed', reason: 'no hunter2' });
  expect(JSON.stringify(await all(journal, 25_001))).not.toContain('hunter2');
  await careful.close();
});
