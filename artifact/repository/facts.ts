/** What is known of how an artifact was built. */
export interface Facts {
  commit?: string;
  branch?: string;
  tag?: string;
  /** The commit's message. */
  message?: string;
  /** Whether there were changes that are in no commit. */
  dirty?: boolean;
  /** Who or what built it. */
  builder?: string;
  buildNumber?: string;
  compression?: string;
  /** What yodeploy calls the way that an app is deployed. */
  deployCompat?: string;
  /** What built it: `strata 1.2.3`. */
  tool?: string;
}

/** The names that facts have in a repository; those that yodeploy knows are yodeploy's. */
const names = {
  commit: 'commit',
  branch: 'branch',
  tag: 'vcs_tag',
  message: 'commit_msg',
  dirty: 'dirty',
  builder: 'builder',
  buildNumber: 'build_number',
  compression: 'compression',
  deployCompat: 'deploy_compat',
  tool: 'tool_version',
} as const satisfies Record<keyof Facts, string>;

/** Facts as texts under their names in a repository. */
export function factsToMetadata(facts: Facts): Record<string, string> {
  const known = Object.entries(names).flatMap(([fact, name]) => {
    const value = facts[fact as keyof Facts];
    return value === undefined ? [] : [[name, String(value)]];
  });
  return Object.fromEntries(known);
}

/** Facts from metadata; those of S3 may come back with `-` for `_`. */
export function factsFromMetadata(metadata: Record<string, string>): Facts {
  const { dirty, ...texts } = names;
  const plain = plainMetadata(metadata);
  const known = Object.entries(texts).flatMap(([fact, name]) => {
    const value = plain[name];
    return value === undefined ? [] : [[fact, value]];
  });
  const isDirty = plain[dirty] === undefined ? {} : { dirty: plain[dirty] === 'true' };
  return { ...Object.fromEntries(known), ...isDirty };
}

/** Metadata with `_` in its keys, however the store gives them back. */
export function plainMetadata(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key.toLowerCase().replaceAll('-', '_'), value]),
  );
}

/** S3 takes 2 KB of metadata in all, and only ASCII. */
const mostPerValue = 128;

/**
 * The part of metadata that every store takes, beside the object: what is short and printable ASCII. All of it stands in the
 * manifest.
 */
export function storableMetadata(metadata: Record<string, string>): Record<string, string> {
  const fitting = Object.entries(metadata).filter(
    ([, value]) => value.length <= mostPerValue && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value),
  );
  return Object.fromEntries(fitting);
}
