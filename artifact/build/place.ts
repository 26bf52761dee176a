import type { Metadata } from '../repository/metadata.ts';

/** Where a build puts artifacts, and finds what an earlier one has put there. */
export interface ArtifactPlace {
  /** How people name it. */
  readonly url: string;
  /** Refuses early what would be refused in the end: an artifact that has to be signed, a version that is taken. */
  check(
    of: { app: string; channel: string; artifact: string; version?: string | undefined },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Puts a file there under a version that nobody else has.
   * @param version what it must be called; the next one when left out. `exists` where that is taken.
   */
  upload(upload: Upload): Promise<{ version: string; where: string; signed: boolean }>;
  /**
   * Brings the newest version of an artifact into a new file, checked.
   * @returns whether there is one.
   */
  download(
    series: { app: string; channel: string; artifact: string },
    file: string,
    signal: AbortSignal,
  ): Promise<boolean>;
}

export interface Upload {
  app: string;
  channel: string;
  artifact: string;
  version?: string | undefined;
  /** A version between those that build servers make. */
  isLocal: boolean;
  file: string;
  size: number;
  sha256: string;
  metadata: Metadata;
  signal: AbortSignal;
  onBytes(done: number, total: number): void;
}
