import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import { isRoot, newFolder, onSmallDisk } from '../../artifact/support/folders.ts';
import { all, line, short } from './parts.ts';

const worker = path.join(import.meta.dirname, 'worker.ts');
const canMount = isRoot && process.platform === 'linux';

// Run as root on Linux to enable: it mounts a small tmpfs.
test.skipIf(!canMount)(
  'on a full disk an append is refused, and the journal goes on when there is room',
  async () => {
    await onSmallDisk(256 * 1024, async (state) => {
      const journal = await fileJournals(state, { groupMs: 0 }).create('d1');
      await journal.append(line('before'));
      const ballast = path.join(state, 'ballast');
      fs.writeFileSync(ballast, Buffer.alloc(180 * 1024));
      let refused = 0;
      let written = 1;
      while (refused < 3) {
        await journal.append(line('x'.repeat(3000))).then(
          () => written++,
          (error) => {
            expect(error).toMatchObject({ code: 'full', message: expect.stringContaining('make room') });
            refused++;
          },
        );
      }
      expect(await all(journal)).toHaveLength(written);
      fs.rmSync(ballast);
      expect(await journal.append(line('after'))).toBe(written + 1);
      await journal.close();
      const again = await fileJournals(state).open('d1');
      expect((await all(again)).map(short).at(-1)).toBe(`${written + 1} after`);
      expect(await all(again)).toHaveLength(written + 1);
      await again.close();
    });
  },
);

// A tmpfs too small for a journal of its own.
test.skipIf(!canMount)('where there is no room for a new journal, nothing is left of it', async () => {
  await onSmallDisk(64 * 1024, async (state) => {
    expect(() => fs.writeFileSync(path.join(state, 'ballast'), Buffer.alloc(65 * 1024))).toThrow('ENOSPC');
    const journals = fileJournals(state);
    await expect(journals.create('d1')).rejects.toMatchObject({ code: 'full' });
    expect(await journals.list()).toEqual([]);
    fs.rmSync(path.join(state, 'ballast'));
    await (await journals.create('d1')).close();
  });
});

const failing = (call: string, error: string, state: string) =>
  spawnSync(
    'strace',
    [
      ...[
        '-f',
        '-qqq',
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        `inject=${call}:error=${error}:when=3+4`,
      ],
      ...[process.execPath, worker, state, 'd1', '200'],
    ],
    { encoding: 'utf8' },
  );
const canInject = spawnSync('strace', ['-qqq', '-e', 'inject=getpid:retval=1', 'true']).status === 0;

// Install strace and allow ptrace to enable: it makes the kernel's calls fail.
test.skipIf(!canInject).each([
  ['fdatasync', 'EIO'],
  ['pwrite64', 'EIO'],
  ['pwrite64', 'EDQUOT'],
])(
  'where %s fails with %s, nothing is lost that was promised, and nothing else is told',
  async (call, error) => {
    const state = newFolder();
    const { stdout } = failing(call, error, state);
    const said = stdout.trim().split('\n');
    expect(said.at(-1)).toBe('closed');
    expect(said).toContain(error === 'EIO' ? 'unavailable' : 'full');
    const promised = said.filter((one) => /^\d/.test(one)).flatMap((one) => one.split(' ').map(Number));
    expect(promised.length).toBeGreaterThan(0);
    const journal = await fileJournals(state).open('d1');
    const events = await all(journal);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    for (const seq of promised) expect(events[seq - 1]).toBeDefined();
    for (const event of events) if (event.type === 'log') expect(event.text).toBe(`line ${event.seq}`);
    await journal.close();
  },
);
