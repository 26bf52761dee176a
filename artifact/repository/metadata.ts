import { ArtifactError } from '../failure.ts';

/**
 * What is told of an artifact beside its bytes: `commit`, `branch`, `vcs_tag`, `commit_msg`, `dirty`, `builder`, `build_number`,
 * `compression`, `expanded_bytes` and `entries` (what it is when it is unpacked), `deploy_compat`, `tool_version`, and `virtualenv` and `node_modules`: the artifacts that hold the app's; those that
 * yodeploy knows have yodeploy's names.
 */
export type Metadata = Readonly<Record<string, string>>;

/** Metadata with `_` in its keys: S3 may give `-` back. */
export function plainMetadata(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key.toLowerCase().replaceAll('-', '_'), value]),
  );
}

/** Refuses keys that a store would not keep as they are; `invalid`. */
export function checkMetadataKeys(metadata: Metadata): void {
  const odd = Object.keys(metadata).find((key) => !/^[a-z][a-z0-9_]{0,39}$/.test(key));
  if (odd === undefined) return;
  throw new ArtifactError(
    'invalid',
    `${JSON.stringify(odd)} cannot name metadata: up to 40 lower-case letters, digits and _`,
  );
}

const mostPerValue = 128;
/** S3 takes 2 KB in all; what identifies an artifact needs its part. */
const mostBytes = 1200;
const yodeploys = ['deploy_compat', 'build_number', 'commit', 'vcs_tag', 'commit_msg'];

/**
 * The part of metadata that stands beside the object, where yodeploy looks for it: what is short and ASCII. All of it stands in
 * the signed manifest.
 */
export function storableMetadata(metadata: Metadata): Record<string, string> {
  const rank = (key: string) => (yodeploys.includes(key) ? yodeploys.indexOf(key) : yodeploys.length);
  const fitting = Object.entries(metadata).filter(
    ([, value]) => value.length <= mostPerValue && /^[!-$&-~]([ -$&-~]*[!-$&-~])?$/.test(value),
  );
  let bytes = 0;
  const kept = fitting
    .sort(([a], [b]) => rank(a) - rank(b))
    .filter(([key, value]) => {
      bytes += key.length + value.length;
      return bytes <= mostBytes;
    });
  return Object.fromEntries(kept);
}
