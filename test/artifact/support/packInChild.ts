// A process that packs a folder and prints what came of it: FOLDER FILE MTIME COMPRESSION ORDER.
import { listTree } from '../../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../../artifact/archive/pack.ts';

const [root = '', file = '', mtime = '', compression, order] = process.argv.slice(2);
const names = listTree(root);
if (order === 'reversed') names.reverse();
packArchiveFile(file, {
  ...{ top: 'shop', sources: [{ root, names }], mtime: Number(mtime) },
  compression: compression === 'gzip' ? 'gzip' : 'zstd',
}).then(
  (packed) => process.stdout.write(JSON.stringify(packed)),
  (error: Error) => {
    process.stderr.write(error.message);
    process.exitCode = 1;
  },
);
