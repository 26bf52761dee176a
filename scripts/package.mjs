// Packs the extension: dist/strata.vsix, from the bundles of scripts/build.mjs.
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';

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
