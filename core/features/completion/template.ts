import { canFollowDot, escapedFor } from '../../templates/strings.ts';
import type { OpenPlace, Template } from '../../templates/template.ts';
import { settingPath, templateApp, templateOf } from '../../templates/templateFiles.ts';
import type { Block, Token } from '../../templates/tokens.ts';
import { filters, tags, tests } from '../../templates/words.ts';
import { type Range, touches } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { type App, buildContextsOf, contextsOf } from '../../workspace/workspace.ts';
import type { Layer } from '../../yaml/layer.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { type Completion, sortText } from './completion.ts';
import { mappingOf } from './known.ts';

/**
 * What can be put in at a place of a template: names of settings behind `conf`, `aconf`, `cconf` and what stands for
 * parts of them, those variables themselves, filters behind `|`, tests behind `is`, and statements. Nothing in plain
 * text.
 */
export function templateCompletions(model: Model, file: string, offset: number): Completion[] {
  const app = templateApp(model, file);
  const found = templateOf(model, file);
  if (app === undefined || found === undefined) return [];
  const { text, template } = found;
  const open = openPlaceAt(text, template, offset);
  if (open !== undefined) return settingCompletions(model, app, text, open);
  const block = template.blocks.find(
    ({ kind, range }) => kind !== 'comment' && isInside(text, range, offset),
  );
  return block === undefined ? [] : wordCompletions(text, block, offset);
}

/** Whether the offset stands between the delimiters, the second of which may be missing. */
function isInside(text: string, { start, end }: Range, offset: number): boolean {
  const isClosed = end >= start + 4 && /^[}%]\}$/.test(text.slice(end - 2, end));
  return offset >= start + 2 && offset <= (isClosed ? end - 2 : end);
}

/** The name that is typed at the cursor, and the mapping that it is one of. */
function openPlaceAt(text: string, template: Template, offset: number): OpenPlace | undefined {
  const open = template.open.find(({ range }) => touches(range, offset));
  if (open !== undefined) return open;
  for (const { root, path, parts } of template.references) {
    const part = parts.find((one) => one.written !== 'variable' && touches(one.range, offset));
    if (part === undefined) continue;
    const { range, length, dot } = part;
    const written = part.written === 'name' ? 'name' : 'string';
    const bracket = text.lastIndexOf('[', range.start);
    return { range, of: { root, path: path.slice(0, length - 1) }, written, before: dot ?? bracket };
  }
  return undefined;
}

function settingCompletions(model: Model, app: App, text: string, open: OpenPlace): Completion[] {
  const above = settingPath(app, open.of);
  return [...namesAt(model, app, above)].map(([name, node], index) => ({
    label: name,
    kind: node.kind === 'mapping' ? 'group' : 'setting',
    detail: node.kind,
    sort: sortText(0, index),
    setting: [...above, name],
    ...written(text, open, name),
  }));
}

/** A name that cannot stand behind a dot takes brackets in its place. */
function written(
  text: string,
  { range, written, before }: OpenPlace,
  name: string,
): Pick<Completion, 'edit' | 'filter'> {
  if (written === 'name' && canFollowDot(name)) return { edit: { range, text: name } };
  if (written === 'string') {
    return { edit: { range, text: escapedFor(text[range.start - 1] ?? '', name) } };
  }
  const quoted = `'${escapedFor("'", name)}'`;
  if (written === 'bracket') return { edit: { range, text: quoted }, filter: quoted };
  return { edit: { range: { start: before, end: range.end }, text: `[${quoted}]` }, filter: `.${name}` };
}

/** The names that the app's layers have in a mapping, in any context, with the first value that tells what belongs there. */
function namesAt(model: Model, app: App, above: readonly string[]): Map<string, LayerNode> {
  const { workspace } = model;
  const contexts = [...contextsOf(workspace, app.name), ...buildContextsOf(workspace, app.name)];
  const layers = new Set<Layer>(contexts.flatMap((of) => model.stack(of).map((one) => one.layer)));
  const names = new Map<string, LayerNode>();
  for (const { root } of layers) {
    for (const [name, { value }] of mappingOf(root, above)?.entries ?? []) {
      const known = names.get(name)?.kind;
      const isVague = known === undefined || known === 'missing' || known === 'null';
      if (name !== '' && value.kind !== 'deleted' && isVague) names.set(name, value);
    }
  }
  return names;
}

const variables = {
  conf: 'The whole configuration',
  aconf: "The app's section of it",
  cconf: 'What all apps share: `conf.common`',
} as const;

/** The words that may stand at the cursor, by what stands before it. */
function wordCompletions(text: string, { kind, tokens }: Block, offset: number): Completion[] {
  const word = tokens.find((one) => one.kind !== 'sign' && touches(one, offset));
  if (word !== undefined && word.kind !== 'name') return [];
  const before = tokens.filter((one) => one.end <= (word?.start ?? offset));
  const range = word === undefined ? { start: offset, end: offset } : { start: word.start, end: word.end };
  const [last = '', first = ''] = [before.at(-1), before.at(-2)].map((one) => wordOf(text, one));
  if (kind === 'statement' && before.length === 0) return words(tags, range, 'tag');
  if (last === '.') return [];
  if (last === '|') return words(filters, range, 'value');
  if (last === 'is' || (last === 'not' && first === 'is')) return words(tests, range, 'value');
  return canBegin(before.at(-1), last) ? words(variables, range, 'group') : [];
}

function wordOf(text: string, token: Token | undefined): string {
  return token === undefined ? '' : text.slice(token.start, token.end);
}

/** Whether a value can stand behind a token: not behind another value. */
function canBegin(token: Token | undefined, word: string): boolean {
  if (token === undefined) return true;
  if (token.kind === 'name') return /^(?:and|or|not|in|if|elif|else|include|extends|do)$/.test(word);
  return token.kind === 'sign' && !/^[)\]}]$/.test(word);
}

function words(
  known: Readonly<Record<string, string>>,
  range: Range,
  kind: Completion['kind'],
): Completion[] {
  return Object.entries(known).map(([label, documentation], index) => ({
    label,
    kind,
    sort: sortText(0, index),
    edit: { range, text: label },
    documentation,
  }));
}
