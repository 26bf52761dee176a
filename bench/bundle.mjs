import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../scripts/lib/paths.mjs';

/**
 * Bundles scripts that are measured the way the command is (scripts/build.mjs), so that all start alike: `FOLDER/NAME.cjs`.
 * @param {URL[]} scripts
 * @param {string} folder where the bundles go
 */
export async function bundle(scripts, folder) {
  await build({
    absWorkingDir: root,
    entryPoints: scripts.map((url) => fileURLToPath(url)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    keepNames: true,
    logLevel: 'warning',
    mainFields: ['module', 'main'],
  });
}
