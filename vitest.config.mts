import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { fastTemp } from './test/fastTemp.mts';

// Here too: what sets tests up makes folders as well.
const folder = fastTemp();
if (folder !== undefined) process.env.TMPDIR = folder;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['integration', 'ui', 'editors', 'stores', 'boxes', 'syntaxes'].map((name) => `test/${name}/**`),
    globalSetup: ['./test/fastTemp.mts'],
    setupFiles: ['./test/seed.mts'],
    // Only so that a test that hangs ends: a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Left to itself, vitest keeps one core free, which is half of a machine of two.
    maxWorkers: os.availableParallelism(),
  },
});
