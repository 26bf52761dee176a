import { distance } from 'fastest-levenshtein';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a name of an app, an environment or a cluster must be, in words for a message. */
export const nameRule =
  'a name has 1 to 64 letters, digits, `.`, `_` or `-` and starts with a letter or digit';

/** Whether the text can name an app, an environment or a cluster. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * The name that a mistyped one may mean: the nearest of the known ones, at most two letters away and
 * half of its length; `undefined` when none is that near.
 */
export function nearestName(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.floor(typed.length / 2)) + 1;
  for (const name of known) {
    if (Math.abs(name.length - typed.length) >= least) continue;
    const letters = distance(typed, name);
    if (letters > 0 && letters < least) {
      best = name;
      least = letters;
    }
  }
  return best;
}

/** ` Did you mean X?`, or nothing when no known name is near: to be put behind a message. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const name = nearestName(typed, known);
  return name === undefined ? '' : ` Did you mean \`${name}\`?`;
}
