import { publicDataApp, readPublicData } from '../render/publicData.ts';
import { templateApp, templateOf } from '../templates/templateFiles.ts';
import { type Range, touches } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import { type Token, yamlTokens } from '../yaml/tokens.ts';
import { namedIn } from './naming.ts';
import { settingAt } from './settingAt.ts';
import { mentionsIn, nameInTemplate } from './templateNames.ts';

/** A place of the file that has to do with the setting at the cursor. */
export interface Highlight {
  range: Range;
  /** `key` where the file gives the setting; `mention` for an anchor, an alias, an entry of public data and a template. */
  kind: 'key' | 'mention';
}

/**
 * The places of the setting at the cursor in its own file: its keys (several, where dotted keys give parts of
 * one mapping), and the anchor and aliases of its value.
 */
export function documentHighlight(model: Model, file: string, offset: number): Highlight[] {
  const app = publicDataApp(model, file);
  if (app !== undefined) return inPublicData(readPublicData(model, app)?.keys ?? [], offset);
  if (templateApp(model, file) !== undefined) return inTemplate(model, file, offset);
  const layer = model.layer(file);
  if (layer === undefined) return [];
  const at = settingAt(layer, offset);
  const keys = at === undefined ? [] : (namedIn(layer.root, at.path)?.keys ?? []);
  const hasAnchors = layer.text.includes('&');
  const all = hasAnchors ? yamlTokens(layer.text) : [];
  const tokens = all.filter((one) => one.kind !== 'comment');
  const repeated =
    tokens.find((one) => touches(one, offset)) ??
    (at && tokens.find((one) => belongsTo(layer, one, at.keyRange)));
  const mentions = repeated ? sameAnchor(layer.text, tokens, repeated) : [];
  return [
    ...keys.map((range) => ({ range, kind: 'key' as const })),
    ...mentions.map(({ start, end }) => ({ range: { start, end }, kind: 'mention' as const })),
  ];
}

function inTemplate(model: Model, file: string, offset: number): Highlight[] {
  const named = nameInTemplate(model, file, offset);
  const template = named && templateOf(model, file);
  if (named === undefined || template === undefined) return [];
  return mentionsIn(template, named.app, named.path).map(({ part }) => ({
    range: part.range,
    kind: 'mention',
  }));
}

function inPublicData(keys: readonly { name: string; range: Range }[], offset: number): Highlight[] {
  const at = keys.find((one) => touches(one.range, offset));
  const same = keys.filter((one) => one.name === at?.name);
  return same.map(({ range }) => ({ range, kind: 'mention' }));
}

/** Whether the anchor or alias stands right behind the key. */
function belongsTo(layer: Layer, token: Token, key: Range): boolean {
  return token.start > key.end && /^\s*:\s*(!\S*\s+)?$/.test(layer.text.slice(key.end, token.start));
}

/** The anchor with all aliases of it: a name may be given again, and then means what stands there from then on. */
function sameAnchor(text: string, tokens: readonly Token[], one: Token): Token[] {
  const name = (token: Token) => text.slice(token.start + 1, token.end);
  const named = tokens.filter((token) => name(token) === name(one));
  const at = named.indexOf(one);
  const first = named.findLastIndex((token, index) => index <= at && token.kind === 'anchor');
  const next = named.findIndex((token, index) => index > at && token.kind === 'anchor');
  return named.slice(Math.max(first, 0), next === -1 ? undefined : next);
}
