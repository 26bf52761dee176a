import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/stores',
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./server.mjs'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
