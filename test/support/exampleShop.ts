import fs from 'node:fs';
import path from 'node:path';
import { commitAll, git } from './gitWorkspace.ts';
import { writeFiles } from './workspaceFiles.ts';

/** The example as it is committed, with the deliberate problem of `landing` mended that keeps it from being built. */
export function exampleShop(): string {
  const root = path.join(writeFiles(''), 'shop');
  const made =
    /(^|\/)(\.strata|virtualenv|node_modules|reports|build|static|__pycache__|configuration(_public)?\.json)$/;
  const example = path.resolve(import.meta.dirname, '../../examples/shop');
  fs.cpSync(example, root, { recursive: true, filter: (file) => !made.test(file) });
  const publicData = path.join(root, 'apps/landing/deploy/configuration/public-data.yaml');
  fs.writeFileSync(
    publicData,
    fs.readFileSync(publicData, 'utf8').replace(/^- landing\.analytics\.site_key\n/m, ''),
  );
  git(root, 'init', '--quiet', '--initial-branch=main');
  commitAll(root);
  return root;
}
