import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not a node_modules folder of its own here.
  cacheDir: '../../node_modules/.vite/commit',
  test: {
    root: import.meta.dirname,
    include: ['commit.ts'],
    globalSetup: ['../../test/boxes/setUp.mjs'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    reporters: [['default', { summary: false }]],
  },
});
