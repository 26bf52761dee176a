// A tree of files such as a built app is: sources and their like, bundles, pictures and compiled code. The same bytes in
// every run.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MEBIBYTE = 1024 * 1024;

/**
 * How many files of which kind, and about how many bytes each has: 5,000 files, 100 MB. Text is words in lines; code has
 * little that repeats; packed bytes have nothing.
 * @type {{ count: number, bytes: number, kind: 'text' | 'code' | 'packed', ending: string }[]}
 */
const FILES = [
  { count: 3600, bytes: 5_000, kind: 'text', ending: 'js' },
  { count: 900, bytes: 24_000, kind: 'text', ending: 'py' },
  { count: 380, bytes: 60_000, kind: 'packed', ending: 'png' },
  { count: 100, bytes: 210_000, kind: 'text', ending: 'min.js' },
  { count: 20, bytes: 0.7 * MEBIBYTE, kind: 'code', ending: 'so' },
];
const IN_ONE_FOLDER = 40;

/** Numbers from 0 to 1 that look random and are the same in every run. */
function randomNumbers(/** @type {number} */ seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Writes the tree into a new folder.
 * @param {string} folder
 * @param {number} [times] how many such trees beside each other
 * @returns {{ files: number, bytes: number }}
 */
export function writeTree(folder, times = 1) {
  const random = randomNumbers(7);
  const words = Array.from({ length: 3000 }, () => word(random));
  let files = 0;
  let bytes = 0;
  for (const { count, bytes: about, kind, ending } of Array(times).fill(FILES).flat()) {
    for (let index = 0; index < count; index++) {
      const size = Math.round(about * (0.3 + 1.4 * random()));
      const content = contentOf(kind, size, words, random);
      const file = join(
        folder,
        `part-${Math.floor(files / IN_ONE_FOLDER)}`,
        `${words[files % 3000]}-${files}.${ending}`,
      );
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      files++;
      bytes += content.length;
    }
  }
  return { files, bytes };
}

function word(/** @type {() => number} */ random) {
  const length = 2 + Math.floor(9 * random());
  return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(26 * random()))).join('');
}

/**
 * @param {'text' | 'code' | 'packed'} kind
 * @param {number} size
 * @param {string[]} words
 * @param {() => number} random
 */
function contentOf(kind, size, words, random) {
  if (kind === 'packed') return noise(size, random);
  if (kind === 'text') return text(size, words, random);
  const content = Buffer.alloc(size);
  // Runs of noise, of zeros and of what stood before, as in machine code with its tables.
  for (let at = 0; at < size; ) {
    const length = Math.min(size - at, 8 + Math.floor(200 * random()));
    const what = random();
    if (what < 0.45) noise(length, random).copy(content, at);
    else if (what < 0.85 && at > 4096) content.copyWithin(at, at - 4096, at - 4096 + length);
    at += length;
  }
  return content;
}

/**
 * @param {number} size
 * @param {() => number} random
 */
function noise(size, random) {
  const key = createHash('sha256').update(String(random())).digest();
  const content = Buffer.alloc(size + 32);
  for (let at = 0, part = key; at < size; at += 32) {
    part = createHash('sha256').update(part).digest();
    part.copy(content, at);
  }
  return content.subarray(0, size);
}

/**
 * @param {number} size
 * @param {string[]} words
 * @param {() => number} random
 */
function text(size, words, random) {
  const parts = [];
  for (let length = 0; length < size; ) {
    // Some words are much more frequent than others, as in any text.
    const next = `${words[Math.floor(words.length * random() ** 3)]}${random() < 0.12 ? ';\n    ' : ' '}`;
    parts.push(next);
    length += next.length;
  }
  return Buffer.from(parts.join('').slice(0, size));
}
