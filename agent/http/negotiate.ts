import { HttpError } from './problem.ts';

/** The first of the types that the client takes (its header `Accept`); 406 where it takes none. */
export function negotiate(accept: string | undefined, types: readonly [string, ...string[]]): string {
  if (accept === undefined || accept.trim() === '') return types[0];
  const ranges = accept.split(',').map(readRange);
  const best = types
    .map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)[0];
  if (best !== undefined) return best.type;
  throw new HttpError(406, `there is only ${types.join(' or ')} here`);
}

interface MediaRange {
  type: string;
  quality: number;
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((one) => one.startsWith('q='))?.slice('q='.length);
  const value = Number(quality ?? 1);
  return { type, quality: Number.isNaN(value) ? 0 : value };
}

/** That of the range that says most about the type. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const [main] = type.split('/');
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
