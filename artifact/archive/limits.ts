/** How much an archive may be, and may make. */
export interface UnpackLimits {
  /** Of the archive as it comes, in bytes. */
  archiveBytes: number;
  /** Of all that comes out of it, in bytes. */
  expandedBytes: number;
  /** How many times its own size an archive may become; looked at from 64 MiB on. */
  ratio: number;
  /** How many headers. */
  entries: number;
  /** Of one path, or one link's target, in bytes. */
  pathBytes: number;
}

const gibibyte = 1024 ** 3;

/** More than any app that was ever deployed, and less than a disk. */
export const defaultLimits: UnpackLimits = {
  archiveBytes: 4 * gibibyte,
  expandedBytes: 16 * gibibyte,
  ratio: 250,
  entries: 500_000,
  pathBytes: 2048,
};
