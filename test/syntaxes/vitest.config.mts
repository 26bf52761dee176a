import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/syntaxes',
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 60_000 },
});
