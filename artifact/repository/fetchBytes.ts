import { checkCancelled, pause } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { versionKey } from './layout.ts';
import { type Repository, type Series, seriesText, type WorkOptions } from './repository.ts';
import { callOptions, isFailure } from './texts.ts';

/** Takes each piece of the bytes, in their order. */
type Sink = (chunk: Buffer) => Promise<void> | void;

const mostFailures = 5;
const firstPauseMs = 200;

/**
 * Reads a version's bytes from an offset on and goes on where a connection broke; `refused` where there are more than there should be, or fewer,
 * `unavailable` where nothing more comes after a few tries.
 */
export async function fetchBytes(
  repo: Repository,
  series: Series,
  version: string,
  range: { start: number; size: number },
  sink: Sink,
  options: WorkOptions,
): Promise<void> {
  const { size } = range;
  let at = range.start;
  let isSinkBroken = false;
  const take = async (chunk: Buffer) => {
    if (at + chunk.length > size) throw otherSize(series, version, size, 'more');
    isSinkBroken = true;
    await sink(chunk);
    isSinkBroken = false;
    at += chunk.length;
    options.onBytes?.(at, size);
  };
  for (let failures = 0; at < size; ) {
    const before = at;
    try {
      const isSizeRight = (await fetchFrom(repo, versionKey(series, version), at, take, options)) === size;
      if (at < size) throw isSizeRight ? brokenOff(repo) : otherSize(series, version, size, 'fewer');
    } catch (error) {
      checkCancelled(options.signal);
      failures = at > before ? 1 : failures + 1;
      if (isSinkBroken || !isWorthATry(error) || failures >= mostFailures) throw error;
      await pause(firstPauseMs * 2 ** (failures - 1), options.signal);
    }
  }
}

/** @returns how many bytes the object has in all. */
async function fetchFrom(
  repo: Repository,
  key: string,
  start: number,
  take: Sink,
  options: WorkOptions,
): Promise<number> {
  const { head, body } = await repo.store.get(key, { start, ...callOptions(options) });
  for await (const chunk of body) {
    checkCancelled(options.signal);
    await take(chunk);
  }
  return head.size;
}

function brokenOff(repo: Repository): ArtifactError {
  return new ArtifactError(
    'unavailable',
    `${repo.store.url} broke off in the middle: try again, it goes on from there`,
  );
}

/** What broke on the way may come the next time; a store that could not be reached has been tried a few times already. */
function isWorthATry(error: unknown): boolean {
  return isFailure(error, 'unavailable') || !(error instanceof ArtifactError);
}

function otherSize(series: Series, version: string, size: number, how: string): ArtifactError {
  return new ArtifactError(
    'refused',
    `${seriesText(series)} ${version} is refused: it has ${how} than the ${size} bytes that it should have`,
  );
}
