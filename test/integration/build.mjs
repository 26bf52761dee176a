// Bundles the suite for the extension host, which loads CommonJS.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/paths.mjs';

const SOURCES = join(root, 'test', 'integration');

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
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(outdir, 'index.cjs');
}
