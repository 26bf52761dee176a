import type { CompareSide } from './compare.ts';
import { type ContextName, isContextName } from './contexts.ts';

/** The scheme of the documents that show an effective configuration. */
export const effectiveScheme = 'strata-effective';

/** What the language server and its client say to each other about effective configurations. */
export const effectiveMethods = {
  /**
   * Request with a `ContextName` or, for the layers as they were committed, a `CompareSide`; answered by an `EffectiveDocument`, or `null` for an
   * unknown context. A commit that cannot be had is an error in words.
   */
  document: 'strata/effectiveDocument',
  /** Notification from the server: some layer says something else now. */
  layersChanged: '$/strata/layersChanged',
} as const;

/** An effective configuration as YAML, with the source of each value as a comment. */
export interface EffectiveDocument {
  text: string;
}

/** Whether a value that came over the wire is an effective configuration. */
export function isEffectiveDocument(value: unknown): value is EffectiveDocument {
  return typeof (value as EffectiveDocument | null)?.text === 'string';
}

/** Path and query of a context's document: `storefront/production-eu.effective.yaml`, and the context as JSON; with the commit behind an `@`. */
export function effectiveAddress(of: ContextName, ref?: CompareSide['ref']): { path: string; query: string } {
  const name = of.label.replace(/[^\w.]+/g, '-').replace(/-$/, '');
  const file = ref === undefined ? name : `${name}@${ref}`;
  return {
    path: `/${of.app}/${file}.effective.yaml`,
    query: JSON.stringify(ref === undefined ? of : { ...of, ref }),
  };
}

/** What a document's address asks for; `undefined` for a query that is none. */
export function sideOfAddress(query: string): CompareSide | undefined {
  try {
    const value: unknown = JSON.parse(query);
    if (!isContextName(value)) return undefined;
    return (value as { ref?: unknown }).ref === 'HEAD' ? { context: value, ref: 'HEAD' } : { context: value };
  } catch {
    return undefined;
  }
}

/** The context of a document's address whose layers are as they are now; `undefined` for any other. */
export function contextOfAddress(query: string): ContextName | undefined {
  const side = sideOfAddress(query);
  return side?.ref === undefined ? side?.context : undefined;
}
