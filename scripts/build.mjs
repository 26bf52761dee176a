// Bundles the parts that run, CommonJS: dist/client.js, dist/server.js, dist/cli.js and dist/agent.js. Server and cli are small and load
// the bundle beside them (dist/server.bundle.js), so that Node can keep its compiled code.
import fs from 'node:fs';
import path from 'node:path';
import { build, context } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const watch = process.argv.includes('--watch');

/** Settings that all bundles share; they run on Node 20 and on the Node of VS Code 1.100 and newer. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outdir: 'dist',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  legalComments: 'none',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  define: { STRATA_VERSION: JSON.stringify(version) },
};

/**
 * VS Code's API by way of an object that has no names of its own. Each file that takes all of a module gets a copy of its names otherwise:
 * hundreds of them for a hundred files, which held the activation up for longer than all the rest.
 * @type {import('esbuild').Plugin}
 */
const lightVsCode = {
  name: 'light-vscode',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'light' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'light' },
    );
    onLoad({ filter: /^/, namespace: 'light' }, () => ({
      contents: "module.exports = Object.create(require('vscode'), { __esModule: { value: true } });",
    }));
  },
};

const bundles = [
  {
    ...common,
    // The second is loaded by the first when that is active.
    entryPoints: { client: 'client/extension.ts', languageClient: 'client/languageClient.ts' },
    plugins: [lightVsCode],
  },
  {
    ...common,
    entryPoints: { layerMap: 'webview/layerMap/main.ts', deployment: 'webview/deployment/main.ts' },
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  },
  { ...common, entryPoints: { server: 'server/start.ts', 'server.bundle': 'server/main.ts' } },
  { ...common, entryPoints: { 'cli.bundle': 'cli/main.ts' } },
  { ...common, entryPoints: { cli: 'cli/start.ts' }, banner: { js: '#!/usr/bin/env node' } },
  { ...common, entryPoints: { agent: 'agent/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
].filter(({ entryPoints }) =>
  Object.values(entryPoints).every((file) => fs.existsSync(path.join(root, file))),
);

/** The licences of all packages that went into a bundle, as their terms ask for. */
function writeNotices(inputs) {
  const folders = [...inputs].flatMap(
    (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  const notices = [...new Set(folders)].sort().map((folder) => {
    const {
      name,
      version: of,
      license,
    } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(path.join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : fs.readFileSync(path.join(root, folder, file), 'utf8').trim();
    return `${name} ${of} (${license})\n\n${text}\n`;
  });
  fs.writeFileSync(path.join(root, 'dist/THIRD_PARTY_NOTICES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
}

if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  const results = await Promise.all(bundles.map((bundle) => build({ ...bundle, metafile: true })));
  writeNotices(new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
  for (const command of ['cli', 'agent']) fs.chmodSync(path.join(root, `dist/${command}.js`), 0o755);
}
