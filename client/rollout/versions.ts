import { isListOf, isObject, isOrNothing, isOrNull, isText } from '../../protocol/values.ts';

/** A version of an app, as `strata artifacts versions --json` tells it. */
export interface VersionRow {
  version: string;
  uploaded: string;
  commit?: string | null;
  branch?: string | null;
  message?: string | null;
  builder?: string | null;
  /** Why it may not be used. */
  refused?: string | null;
}

/** The versions of a channel, newest first. */
export interface VersionList {
  latest: string | null;
  versions: VersionRow[];
}

/** Reads what the command printed; nothing where that is something else. */
export function readVersions(text: string): VersionList | undefined {
  const value = parsed(text);
  if (!isObject(value) || !isOrNull(value.latest, isText) || !isListOf(value.versions, isRow)) {
    return undefined;
  }
  const newest = (one: VersionRow) => Date.parse(one.uploaded) || 0;
  const { latest, versions } = value;
  // Versions of one moment stay in their own order, the highest first.
  return { latest, versions: versions.toReversed().sort((a, b) => newest(b) - newest(a)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is VersionRow {
  if (!isObject(value)) return false;
  const isMaybeText = (one: unknown) => isOrNothing(one, (some) => isOrNull(some, isText));
  const { commit, branch, message, builder, refused } = value;
  return (
    isText(value.version) &&
    isText(value.uploaded) &&
    [commit, branch, message, builder, refused].every(isMaybeText)
  );
}

/** How long ago something was, by its largest unit, in the person's language: `5 minutes ago`. */
export function agoText(ms: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const [unit, size] = units.find(([, one]) => ms >= one) ?? (['second', 1000] as const);
  return format.format(-Math.max(0, Math.floor(ms / size)), unit);
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
