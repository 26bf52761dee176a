import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/boxes',
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./setUp.mjs'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: 3,
  },
});
