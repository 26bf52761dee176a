// Packs, from the bundles of scripts/build.mjs: the extension (dist/strata.vsix), and the agent for boxes
// (dist/strata-agent-VERSION-linux-ARCH.tar.gz, dist/strata-agent_VERSION_ARCH.deb).
import fs from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { packageAgent } from './agent-package/package.mjs';

const root = path.resolve(import.meta.dirname, '..');
const packagePath = path.join(root, 'dist/strata.vsix');
/** In bytes. */
const mostBytes = 2_000_000;

process.chdir(root);
await createVSIX({
  cwd: root,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  // Links lead to files of the package: there is no public repository to lead to.
  rewriteRelativeLinks: false,
});
const { size } = fs.statSync(packagePath);
if (size > mostBytes) throw new Error(`dist/strata.vsix has ${size} bytes: it may have ${mostBytes}.`);
const packed = await packageAgent();
for (const file of packed) console.log(` DONE  Packaged: ${path.relative(root, file)}`);
if (packed.length === 0) console.log(' LEFT OUT  The agent: npm installs the Node of Linux on Linux only.');
