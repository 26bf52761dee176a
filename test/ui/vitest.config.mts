import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/ui',
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    // Each file has a VS Code and a browser of its own; one at a time keeps them quick.
    maxWorkers: 1,
    fileParallelism: false,
    // What a test waits for has limits of its own, which tell more: these only have to be longer.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
