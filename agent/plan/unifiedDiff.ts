/** One line of an edit: kept, taken away or added. */
interface Edit {
  kind: ' ' | '-' | '+';
  text: string;
}

/** So many lines around a change are told. */
const around = 3;
/** A diff is cut after so many characters. */
const mostCharacters = 64 * 1024;
/** Texts that differ by more lines than this are told as wholly other: finding what stayed would take too long. */
const mostChanges = 400;

/**
 * What differs between two texts, as a unified diff; empty where nothing does.
 * @param name how the file is called in it.
 */
export function unifiedDiff(name: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const edits = editsOf(linesOf(before), linesOf(after));
  const head = `--- ${before === undefined ? '/dev/null' : name}\n+++ ${after === undefined ? '/dev/null' : name}\n`;
  return cut(head + hunks(edits).map(hunkText).join(''));
}

const noEnd = '\n\\ No newline at end of file';

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, last + noEnd];
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [left, right] = [before.length, after.length];
  while (left > start && right > start && before[left - 1] === after[right - 1])
    [left, right] = [left - 1, right - 1];
  const [old, now] = [before.slice(start, left), after.slice(start, right)];
  return [
    ...as(' ', before.slice(0, start)),
    ...(shortest(old, now) ?? replaced(old, now)),
    ...as(' ', before.slice(left)),
  ];
}

function as(kind: Edit['kind'], lines: readonly string[]): Edit[] {
  return lines.map((text) => ({ kind, text }));
}

function replaced(before: readonly string[], after: readonly string[]): Edit[] {
  return [...as('-', before), ...as('+', after)];
}

/** The shortest way from one to the other (Myers, "An O(ND) Difference Algorithm"); nothing where it is too long. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] | undefined {
  const most = Math.min(before.length + after.length, mostChanges);
  // The furthest line of `before` that is reached on each diagonal, for every number of changes.
  const reached: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let changes = 0; changes <= most; changes++) {
    reached.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = step(furthest, diagonal, changes);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(before, after, reached);
    }
    furthest = next;
  }
  return undefined;
}

type Furthest = ReadonlyMap<number, number>;

function step(furthest: Furthest, diagonal: number, changes: number): number {
  return isAdded(furthest, diagonal, changes)
    ? (furthest.get(diagonal + 1) ?? 0)
    : (furthest.get(diagonal - 1) ?? 0) + 1;
}

/** Whether a diagonal is best reached by a line that is added, rather than by one that is taken away. */
function isAdded(furthest: Furthest, diagonal: number, changes: number): boolean {
  if (diagonal === -changes) return true;
  return diagonal !== changes && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1);
}

function walkBack(before: readonly string[], after: readonly string[], reached: readonly Furthest[]): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  const keep = (untilX: number, untilY: number) => {
    for (; x > untilX && y > untilY; x--, y--) edits.push({ kind: ' ', text: before[x - 1] ?? '' });
  };
  for (const [changes, furthest] of [...reached.entries()].reverse()) {
    if (changes === 0) break;
    const added = isAdded(furthest, x - y, changes);
    const diagonal = added ? x - y + 1 : x - y - 1;
    const fromX = furthest.get(diagonal) ?? 0;
    keep(added ? fromX : fromX + 1, added ? fromX - diagonal + 1 : fromX - diagonal);
    edits.push(added ? { kind: '+', text: after[--y] ?? '' } : { kind: '-', text: before[--x] ?? '' });
  }
  keep(0, 0);
  return edits.reverse();
}

interface Hunk {
  edits: Edit[];
  /** The lines that it begins at, counted from 0. */
  before: number;
  after: number;
}

/** Changes that are near each other stand together, with the lines around them. */
function hunks(edits: readonly Edit[]): Hunk[] {
  const found: Hunk[] = [];
  let end = -1;
  let [before, after] = [0, 0];
  for (const [index, { kind }] of edits.entries()) {
    if (kind !== ' ') {
      const last = found.at(-1);
      const from = Math.max(index - around, 0);
      const to = Math.min(index + around, edits.length - 1);
      if (last !== undefined && from <= end + 1) last.edits.push(...edits.slice(end + 1, to + 1));
      else {
        const lead = index - from;
        found.push({ edits: edits.slice(from, to + 1), before: before - lead, after: after - lead });
      }
      end = Math.max(end, to);
    }
    if (kind !== '+') before++;
    if (kind !== '-') after++;
  }
  return found;
}

function hunkText({ edits, before, after }: Hunk): string {
  const [old, now] = ['+', '-'].map((other) => edits.filter(({ kind }) => kind !== other).length);
  const range = (start: number, count = 0) => `${count === 0 ? start : start + 1},${count}`;
  const lines = edits.map(({ kind, text }) => `${kind}${text}\n`);
  return `@@ -${range(before, old)} +${range(after, now)} @@\n${lines.join('')}`;
}

function cut(diff: string): string {
  if (diff.length <= mostCharacters) return diff;
  const kept = diff.slice(0, diff.lastIndexOf('\n', mostCharacters) + 1);
  const more = diff.slice(kept.length).split('\n').length - 1;
  return `${kept}\\ ${more} more lines are not shown\n`;
}
