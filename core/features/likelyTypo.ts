import { distance } from 'fastest-levenshtein';
import type { EffectiveMapping, Say, Setting, StackLayer } from '../merge/setting.ts';
import { type Problem, problem } from '../problem.ts';
import { nearestName } from '../text/names.ts';
import type { Layer } from '../yaml/layer.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';

/**
 * Keys of a stack that only one layer has, and that look like a slip of the pen for a key that a lower layer has
 * beside it. Both keys in one layer are both meant; so are keys that differ in digits, in being a plural, or in the
 * type of what they hold.
 * @param others the layers in which the key would prove to be meant, whether they stand in this stack or not.
 */
export function likelyTypos(
  stack: readonly StackLayer[],
  root: EffectiveMapping,
  others: Iterable<Layer>,
): Problem[] {
  const problems: Problem[] = [];
  visit(root.entries, [], (path, say, key, meant, lower) => {
    const file = stack[say.layer]?.file;
    const below = stack[lower.layer]?.file;
    if (!file || !below || say.node.known?.isShared) return;
    for (const other of others) {
      if (other.file !== file && hasKey(other.root, [...path, key])) return;
    }
    const related = [{ message: `\`${meant}\` is given here`, file: below, range: lower.keyRange }];
    const message = `no other layer has this key. Did you mean \`${meant}\`?`;
    const more = { path: [...path, key], related, meant };
    problems.push(problem('likely-typo', { file, range: say.keyRange }, message, more));
  });
  return problems;
}

type Found = (path: readonly string[], say: Say, key: string, meant: string, lower: Say) => void;

function visit(entries: ReadonlyMap<string, Setting>, path: string[], found: Found): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const [key, { says, value }] of entries) {
    const layer = says[0]?.layer ?? 0;
    lowest = Math.min(lowest, layer);
    if (says.length === 1) {
      highest = Math.max(highest, layer);
    } else if (value?.kind === 'mapping') {
      path.push(key);
      visit(value.entries, path, found);
      path.pop();
    }
  }
  // Most often the keys of one layer are alone with each other.
  if (highest > lowest) visitLonely(entries, path, found);
}

function visitLonely(entries: ReadonlyMap<string, Setting>, path: string[], found: Found): void {
  for (const [key, { says }] of entries) {
    const [say] = says;
    const meant = say !== undefined && says.length === 1 ? meantBy(key, say, entries) : undefined;
    if (say !== undefined && meant !== undefined) found(path, say, key, meant.key, meant.say);
  }
}

/** The key of a lower layer that a lonely one may mean, with the lowest say on it. */
function meantBy(
  key: string,
  say: Say,
  entries: ReadonlyMap<string, Setting>,
): { key: string; say: Say } | undefined {
  if (key.length < 4) return undefined;
  const near = [...entries].filter(([other, { says }]) => {
    const [first] = says;
    if (first === undefined || first.layer >= say.layer || !isSlip(key, other)) return false;
    return says.every((one) => one.layer !== say.layer) && fits(say.node, says);
  });
  const name = nearestName(
    key,
    near.map(([other]) => other),
  );
  const first = name === undefined ? undefined : entries.get(name)?.says[0];
  return name === undefined || first === undefined ? undefined : { key: name, say: first };
}

/** Whether the value could stand where the other one does. */
function fits(node: LayerNode, says: readonly Say[]): boolean {
  const below = says.findLast((say) => say.action !== 'refused' && say.action !== 'delete')?.node.kind;
  if (node.kind === 'deleted' || below === 'missing' || below === 'null') return true;
  const isNumber = (kind: LayerNode['kind'] | undefined) => kind === 'integer' || kind === 'float';
  return node.kind === below || (isNumber(node.kind) && isNumber(below));
}

/** Whether one name could be the other, mistyped: in the marks between words, or in one word. */
function isSlip(typed: string, meant: string): boolean {
  if (typed === meant || typed.length < 4 || meant.length < 4) return false;
  if (Math.abs(typed.length - meant.length) > 2) return false;
  if (letters(typed) === letters(meant)) return true;
  const words = wordsOf(typed);
  const others = wordsOf(meant);
  if (words.length !== others.length) return false;
  const differ = words.flatMap((word, index) =>
    word === others[index] ? [] : [[word, others[index] ?? '']],
  );
  const [first] = differ;
  return differ.length === 1 && first !== undefined && isWordSlip(first[0] ?? '', first[1] ?? '');
}

function letters(name: string): string {
  return name.replace(/[-_.]/g, '').toLowerCase();
}

function wordsOf(name: string): string[] {
  return name.split(/[-_.\s]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
}

/**
 * The shorter a word, the fewer slips are told: `hots` for `host`, but not `post`; `timout` for `timeout`;
 * `passwort` for `password`; two letters only in a long word that begins right (`minlength` is not `maxlength`).
 */
function isWordSlip(typed: string, meant: string): boolean {
  const length = Math.min(typed.length, meant.length);
  if (length < 4 || /\d/.test(typed + meant) || isForm(typed, meant) || isForm(meant, typed)) return false;
  if (isSwap(typed, meant)) return true;
  if (typed[0] !== meant[0]) return false;
  const wrong = distance(typed, meant);
  if (wrong === 2) return length >= 8 && typed.slice(0, 3) === meant.slice(0, 3);
  if (wrong !== 1) return false;
  return typed.length === meant.length ? length >= 6 : length >= 5 || isDoubled(typed, meant);
}

/** `ports` of `port`, `cached` of `cache`. */
function isForm(longer: string, word: string): boolean {
  return longer.startsWith(word) && /^(s|es|d|ed|r|er)$/.test(longer.slice(word.length));
}

/** Two letters beside each other have changed places. */
function isSwap(one: string, other: string): boolean {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return `${one.slice(0, at)}${one[at + 1]}${one[at]}${one.slice(at + 2)}` === other;
}

/** They differ in a letter that stands once or twice. */
function isDoubled(one: string, other: string): boolean {
  const single = (word: string) => word.replace(/(.)\1/g, '$1');
  return single(one) === single(other);
}

function hasKey(root: MappingNode, path: readonly string[]): boolean {
  let node: LayerNode | undefined = root;
  for (const key of path) {
    node = node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
    if (node === undefined) return false;
  }
  return true;
}
