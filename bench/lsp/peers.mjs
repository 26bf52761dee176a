// The servers that are measured: Strata's, its peer, and floors that do as little as can be done.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withProgress } from '../../scripts/lib/log.mjs';
import { npm } from '../../scripts/lib/npm.mjs';
import { cacheRoot, root } from '../../scripts/lib/paths.mjs';
import { uriOf } from './client.mjs';
import { places } from './corpus.mjs';
import { schemaOf } from './schema.mjs';

/** @typedef {import('./client.mjs').Program} Program */
/** @typedef {Awaited<ReturnType<typeof bundleFloors>>} Floors */

const FOLDER = fileURLToPath(new URL('./peers', import.meta.url));
const SCRIPTS = {
  echoServer: new URL('./peers/echoServer.mjs', import.meta.url),
  publishServer: new URL('./peers/publishServer.mjs', import.meta.url),
  parseAll: new URL('./peers/parseAll.mjs', import.meta.url),
};
const DONE = '.installed';

/** Strata's language server, as it is shipped. */
export const strata = program('strata', [join(root, 'dist', 'server.js'), '--stdio']);

/**
 * Installs the packages that Strata is measured against, which the project itself does not need: outside of the
 * clone, once for each version of their lock file. Gives the folder.
 */
export async function installPeers() {
  const lock = readFileSync(join(FOLDER, 'package-lock.json'));
  const folder = join(
    cacheRoot(),
    `bench-peers-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`,
  );
  if (existsSync(join(folder, DONE))) return folder;
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const names = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  console.log(`Installing into ${folder}: ${names.join(', ')}, and what they need.`);
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(FOLDER, name), join(folder, name));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  await withProgress('npm ci', () => npm(folder, args));
  writeFileSync(join(folder, DONE), '');
  return folder;
}

/**
 * Bundles the floors the way the server is (scripts/build.mjs), so that all start alike.
 * @param {string} folder where the bundles go
 * @param {string} packages the folder that `installPeers` gave
 */
export async function bundleFloors(folder, packages) {
  await build({
    absWorkingDir: root,
    entryPoints: Object.values(SCRIPTS).map((url) => fileURLToPath(url)),
    // Not another version that some tool of the project may have brought along.
    alias: { 'js-yaml': join(packages, 'node_modules', 'js-yaml') },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    logLevel: 'warning',
    mainFields: ['module', 'main'],
  });
  return {
    parseAll: join(folder, 'parseAll.cjs'),
    echo: program('echo server', [join(folder, 'echoServer.cjs'), '--stdio']),
    /** A server that tells of these files at every edit. */
    publish: (/** @type {string[]} */ uris) =>
      program('publishing floor', [join(folder, 'publishServer.cjs'), '--stdio'], { options: { uris } }),
  };
}

/**
 * yaml-language-server with a schema for each of the files that are asked about, so that it has as much to say
 * about their settings as Strata has.
 * @param {string} packages the folder that `installPeers` gave
 * @param {string} folder of the corpus
 * @param {string[]} files
 * @param {string} schemas a folder for the schemas
 */
export function yamlServer(packages, folder, files, schemas) {
  const associations = files.map((file, index) => {
    const schema = join(schemas, `schema-${index}.json`);
    writeFileSync(schema, JSON.stringify(schemaOf(readFileSync(join(folder, file), 'utf8'))));
    return [uriOf(schema, ''), [`**/${file}`]];
  });
  const yaml = {
    validate: true,
    hover: true,
    completion: true,
    schemaStore: { enable: false },
    schemas: Object.fromEntries(associations),
    customTags: ['!missing scalar', '!replace sequence', '!deleted scalar'],
  };
  const script = join(packages, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  return program('yaml-language-server', [script, '--stdio'], { settings: { yaml } });
}

/** Files for which yaml-language-server gets a schema. */
export function filesWithSchema(/** @type {string} */ first) {
  return [places.common, places.big, first];
}

/**
 * @param {string} name
 * @param {string[]} args
 * @param {Partial<Program>} [more]
 * @returns {Program}
 */
function program(name, args, more = {}) {
  return { name, args, ...more };
}
