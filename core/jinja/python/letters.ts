import { refuse } from '../failure.ts';
import { isBlank } from '../lexer.ts';

/** Letters for which Python and JavaScript, or two Pythons, may not agree. */
const uncertain =
  /[^\0-\u024f\u0370-\u052f\u1e00-\u1eff\u2000-\u27bf\u3000-\u9fff\uac00-\ud7a3\u{1f000}-\u{1faff}]/u;

function checked(text: string, what: string): string {
  return uncertain.test(text)
    ? refuse('letters', `${what} of '${uncertain.exec(text)?.[0]}'`, 'Write the result.')
    : text;
}

export function upper(text: string): string {
  return checked(text, 'Upper case').toUpperCase();
}

export function lower(text: string): string {
  return checked(text, 'Lower case').toLowerCase();
}

/** The first letter in title case, which is not upper case for digraphs and ligatures. */
function titleLetter(letter: string): string {
  const raised = upper(letter);
  const isDouble = Array.from(raised).length > 1 || /[\u01c4-\u01cc\u01f1-\u01f3]/.test(letter);
  return isDouble ? refuse('letters', `Title case of '${letter}'`, 'Write the result.') : raised;
}

export function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  // A sigma is written in another way at the end of a word: it must not become the end of one here.
  const tail = rest.join('');
  if (tail.includes('\u03a3')) refuse('letters', 'Lower case of a sigma', 'Write the result.');
  return first === '' ? '' : titleLetter(first) + lower(tail);
}

/** As the method `title`: a letter behind a letter is in lower case. */
export function titleCase(text: string): string {
  let inWord = false;
  let result = '';
  for (const letter of text) {
    const cased = isCased(letter);
    result += inWord ? lowerAlone(letter) : cased ? titleLetter(letter) : letter;
    inWord = cased;
  }
  return result;
}

function lowerAlone(letter: string): string {
  return letter === '\u03a3'
    ? refuse('letters', 'Lower case of a sigma', 'Write the result.')
    : lower(letter);
}

function isCased(letter: string): boolean {
  return /[\p{Lu}\p{Ll}\p{Lt}]/u.test(checked(letter, 'The case'));
}

export function swapCase(text: string): string {
  if (/[^\0-\x7f]/.test(text)) refuse('letters', 'The other case of such letters', 'Write the result.');
  return text.replace(/[a-z]|([A-Z])/g, (one, big?: string) =>
    big === undefined ? one.toUpperCase() : one.toLowerCase(),
  );
}

const isLowerLetter = /[\p{Ll}]/u;
const isUpperLetter = /[\p{Lu}]/u;
const isTitleLetter = /\p{Lt}/u;

export function isLower(text: string): boolean {
  checked(text, 'The case');
  return isLowerLetter.test(text) && !isUpperLetter.test(text) && !isTitleLetter.test(text);
}

export function isUpper(text: string): boolean {
  checked(text, 'The case');
  return isUpperLetter.test(text) && !isLowerLetter.test(text) && !isTitleLetter.test(text);
}

const kinds: Readonly<Record<LetterKind, RegExp>> = {
  isalpha: /^[A-Za-z]+$/,
  isalnum: /^[A-Za-z0-9]+$/,
  isdigit: /^[0-9]+$/,
  isdecimal: /^[0-9]+$/,
  isnumeric: /^[0-9]+$/,
  isidentifier: /^[A-Za-z_][A-Za-z0-9_]*$/,
};

/** What `isdigit` and the like ask. */
export type LetterKind = 'isalpha' | 'isalnum' | 'isdigit' | 'isdecimal' | 'isnumeric' | 'isidentifier';

/** `isdigit` and the like, for ASCII. */
export function isAll(text: string, kind: LetterKind): boolean {
  if (/[^\0-\x7f]/.test(text)) refuse('letters', `'${kind}' of letters beyond ASCII`, 'Ask something else.');
  return kinds[kind].test(text);
}

export function isSpace(text: string): boolean {
  return text !== '' && Array.from(text).every(isBlank);
}
