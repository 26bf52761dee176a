import type { Artifact } from '../../artifact/repository/head.ts';

/** Prints an object for machines; its form is stable, and `version` changes when it must change. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify({ version: 1, ...value }, null, 2)}\n`);
}

/** A version with `null` for what is not known. */
export function artifactJson(artifact: Artifact): object {
  const { sha256 = null, expires = null, promotedFrom = null, signedBy = null } = artifact;
  return { ...artifact, sha256, expires, promotedFrom, signedBy };
}
