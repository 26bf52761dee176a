import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/ui/**', 'test/editors/**', 'test/stores/**', 'test/syntaxes/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
