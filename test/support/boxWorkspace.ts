import fs from 'node:fs';
import path from 'node:path';
import { writeFile, writeFiles } from './workspaceFiles.ts';

/** A box as a manifest names it. */
export interface ManifestBox {
  url: string;
  environment: string;
  cluster?: string;
  apps?: string[];
  labels?: Record<string, string>;
}

/** A workspace with boxes, and a person who has tokens for some of them: where commands run, and their environment. */
export function boxWorkspace(
  boxes: Record<string, ManifestBox>,
  tokens: Record<string, string> = {},
): { cwd: string; env: Record<string, string> } {
  const manifest = {
    environments: { qa: {}, production: { clusters: ['us', 'eu'] } },
    configs: ['configs'],
    apps: { shop: 'shop', blog: 'blog' },
    boxes,
  };
  const cwd = writeFiles('//- /configs/common.yaml\na: 1\n//- /shop/x\n\n//- /blog/x\n\n');
  writeFile(cwd, 'strata.yaml', JSON.stringify(manifest));
  const home = writeFiles('');
  const entries = Object.entries(tokens).map(([box, token]) => [box, { token }]);
  writeFile(home, 'strata/credentials.json', JSON.stringify({ boxes: Object.fromEntries(entries) }));
  fs.chmodSync(path.join(home, 'strata/credentials.json'), 0o600);
  return { cwd, env: { XDG_CONFIG_HOME: home, STRATA_TOKEN: '' } };
}
