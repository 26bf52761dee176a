// Bundles the suite for the extension host, which loads CommonJS.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/paths.mjs';

const SOURCES = join(root, 'test', 'integration');

/**
 * Files of tests know where they stand, also in a bundle.
 * @type {import('esbuild').Plugin}
 */
const sourceFolders = {
  name: 'source-folders',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return {
        loader: 'ts',
        contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      };
    });
  },
};

/**
 * Bundles the suite, and gives the path of its entry point.
 * @param {string} [only] the only file of tests, without `.test.ts`
 */
export async function buildSuite(only) {
  const outdir = join(root, 'out', 'integration');
  // A test whose source is gone must not run on.
  rmSync(outdir, { recursive: true, force: true });
  const names = readdirSync(SOURCES).filter(
    (name) =>
      name === 'index.ts' || (only === undefined ? name.endsWith('.test.ts') : name === `${only}.test.ts`),
  );
  await build({
    entryPoints: names.map((name) => join(SOURCES, name)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    // Agents of tests are started by the same hands as in the tests outside of VS Code.
    alias: { vitest: join(SOURCES, 'vitest.ts') },
    plugins: [sourceFolders],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(outdir, 'index.cjs');
}
