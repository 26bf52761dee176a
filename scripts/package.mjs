// Packs, from the bundles of scripts/build.mjs: the extension (dist/strata.vsix), and the agent for boxes
// (dist/strata-agent-VERSION-linux-ARCH.tar.gz, dist/strata-agent_VERSION_ARCH.deb).
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { packageAgent } from './agent-package/package.mjs';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
await createVSIX({
  cwd: root,
  packagePath: path.join(root, 'dist/strata.vsix'),
  dependencies: false,
  allowMissingRepository: true,
  // Links lead to files of the package: there is no public repository to lead to.
  rewriteRelativeLinks: false,
});
const packed = await packageAgent();
for (const file of packed) console.log(` DONE  Packaged: ${path.relative(root, file)}`);
if (packed.length === 0) console.log(' LEFT OUT  The agent: npm installs the Node of Linux on Linux only.');
