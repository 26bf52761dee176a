// The events tell where scalars stand; where marks stand is found in the text between them.

/** The place behind the colon of a key and its blanks; the end of the key for one without, as `{a}` has it. */
export function behindColon(text: string, keyEnd: number): number {
  const colon = skipBlanks(text, keyEnd);
  return text[colon] === ':' ? skipSpaces(text, colon + 1) : keyEnd;
}

/** The place behind the dash of a list's next element and its blanks. */
export function behindDash(text: string, from: number): number {
  const dash = skipBlanks(text, from);
  return text[dash] === '-' ? skipSpaces(text, dash + 1) : from;
}

/** The end of a collection in brackets; `undefined` where something else stands before the bracket. */
export function closingBracket(text: string, from: number, bracket: string): number | undefined {
  let at = skipBlanks(text, from);
  if (text[at] === ':') at = skipBlanks(text, at + 1);
  if (text[at] === ',') at = skipBlanks(text, at + 1);
  return text[at] === bracket ? at + 1 : undefined;
}

/** Where a block scalar's mark stands, `|` or `>`; `undefined` where something else does. */
export function blockMark(text: string, from: number): number | undefined {
  let at = skipBlanks(text, from);
  // The colon of its key, or the dash of its element and of lists around it.
  while (text[at] === ':' || text[at] === '-') at = skipBlanks(text, at + 1);
  return text[at] === '|' || text[at] === '>' ? at : undefined;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at;
}

/** Passes over blanks, line ends and comments. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const unit = text[at];
    if (unit === ' ' || unit === '\n' || unit === '\r') {
      at++;
    } else if (unit === '#' && isBlank(text[at - 1])) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else {
      return at;
    }
  }
}

function isBlank(unit: string | undefined): boolean {
  return unit === undefined || unit === ' ' || unit === '\n';
}
