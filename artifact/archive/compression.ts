import zlib from 'node:zlib';

/** How an archive is compressed. */
export type Compression = 'zstd' | 'gzip';

/** Whether this Node has zstd of its own: from 22.15 on. Where it has not, the command `zstd` does the work. */
export function hasZstd(): boolean {
  return typeof zlib.createZstdCompress === 'function';
}
