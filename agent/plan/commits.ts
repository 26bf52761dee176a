import { checkCancelled } from '../../artifact/cancelling.ts';
import { lookUp } from '../../artifact/repository/lookUp.ts';
import type { Repository, Series } from '../../artifact/repository/repository.ts';
import { versions } from '../../artifact/repository/versions.ts';
import { compareVersions } from '../../artifact/versionOrder.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';

/** So many versions are looked at, the newest ones. */
const most = 50;
/** So many of them at a time. */
const together = 8;

/**
 * The commits of the versions between two, newest first: those that come, and where the other version is lower those that go. A version that
 * nothing is known of is left out, and so is one that cannot be read.
 * @param from nothing where no version is live: then the commit of `to` alone is told.
 */
export async function commitsBetween(
  repo: Repository,
  series: Series,
  { from, to }: { from: string | undefined; to: string },
  signal: AbortSignal,
): Promise<Plan['commits']> {
  const names = (await versionsBetween(repo, series, { from, to }, signal)).slice(0, most);
  const found: Plan['commits'] = [];
  for (let at = 0; at < names.length; at += together) {
    checkCancelled(signal);
    const some = names.slice(at, at + together).map((name) => commitOf(repo, series, name, signal));
    found.push(...(await Promise.all(some)).filter((one) => one !== undefined));
  }
  return found.filter(({ sha }, index) => found.findIndex((one) => one.sha === sha) === index);
}

async function versionsBetween(
  repo: Repository,
  series: Series,
  { from, to }: { from: string | undefined; to: string },
  signal: AbortSignal,
): Promise<string[]> {
  if (from === undefined) return [to];
  const [low, high] = compareVersions(from, to) < 0 ? [from, to] : [to, from];
  const known = await versions(repo, series, { signal });
  const isBetween = (one: string) => compareVersions(one, low) > 0 && compareVersions(one, high) <= 0;
  return known
    .map((one) => one.version)
    .filter(isBetween)
    .reverse();
}

async function commitOf(
  repo: Repository,
  series: Series,
  version: string,
  signal: AbortSignal,
): Promise<Plan['commits'][number] | undefined> {
  try {
    const { metadata } = await lookUp(repo, series, version, { signal });
    const { commit, commit_msg: text = '' } = metadata;
    return commit === undefined ? undefined : { sha: commit, text };
  } catch {
    checkCancelled(signal);
    return undefined;
  }
}
