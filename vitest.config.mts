import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['integration', 'ui', 'editors', 'stores', 'boxes', 'syntaxes'].map((name) => `test/${name}/**`),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
