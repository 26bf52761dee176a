import { type ContextName, isContextName } from './contexts.ts';
import { isPlace, type Place } from './place.ts';
import { isCount, isFlag, isListOf, isObject, isOrNull, isText } from './values.ts';

/** What the language server and its client say to each other about one setting. */
export const explanationMethods = {
  /** Request with `ExplainParams`, answered by an `ExplanationResult`, or `null` where there is no setting. */
  explain: 'strata/explain',
} as const;

/** A setting: the one at a place of a document, or one by its name in an app. */
export type ExplainParams =
  | { textDocument: { uri: string }; position: { line: number; character: number } }
  | { context: ContextName; setting: string[] };

/** A setting in every context of an app. */
export interface ExplanationResult {
  app: string;
  setting: string[];
  /** The one that is looked at first. */
  active: number;
  contexts: ContextExplanation[];
}

export interface ContextExplanation {
  context: ContextName;
  /** As JSON on one line; a placeholder as `!missing why`; `null` where the context does not have the setting. */
  value: string | null;
  /** Every layer, lowest first, also those without a say. */
  chain: ChainLink[];
}

/** What a layer did to the setting; `null` for one without a say. */
export const chainActions = ['set', 'merge', 'append', 'replace', 'delete', 'require', 'refused'] as const;

export interface ChainLink {
  /** The name of the layer's place in the order, `common-production`. */
  slot: string;
  action: (typeof chainActions)[number] | null;
  /** What it gives, as JSON on one line; `null` where it gives nothing. */
  value: string | null;
  /** Of its key, or of its file where it has no say; `null` for what Strata itself gives. */
  place: Place | null;
  /** Its word is the last. */
  wins: boolean;
}

/** Whether a value that came over the wire asks for an explanation. */
export function isExplainParams(value: unknown): value is ExplainParams {
  if (!isObject(value)) return false;
  const { context, setting, textDocument, position } = value;
  if (context !== undefined) return isContextName(context) && isListOf(setting, isText);
  return (
    isObject(textDocument) &&
    isText(textDocument.uri) &&
    isObject(position) &&
    isCount(position.line) &&
    isCount(position.character)
  );
}

/** Whether a value that came over the wire is an answer of `strata/explain`. */
export function isExplanationResult(value: unknown): value is ExplanationResult {
  return (
    isObject(value) &&
    isText(value.app) &&
    isListOf(value.setting, isText) &&
    isCount(value.active) &&
    isListOf(value.contexts, isContextExplanation)
  );
}

function isContextExplanation(value: unknown): value is ContextExplanation {
  if (!isObject(value)) return false;
  return isContextName(value.context) && isOrNull(value.value, isText) && isListOf(value.chain, isChainLink);
}

function isChainLink(value: unknown): value is ChainLink {
  return (
    isObject(value) &&
    isText(value.slot) &&
    (value.action === null || chainActions.some((one) => one === value.action)) &&
    isOrNull(value.value, isText) &&
    isOrNull(value.place, isPlace) &&
    isFlag(value.wins)
  );
}
