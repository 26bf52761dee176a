import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/editors',
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    testTimeout: 120_000,
  },
});
