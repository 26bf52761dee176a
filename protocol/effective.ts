import { type ContextName, isContextName } from './contexts.ts';

/** The scheme of the documents that show an effective configuration. */
export const effectiveScheme = 'strata-effective';

/** What the language server and its client say to each other about effective configurations. */
export const effectiveMethods = {
  /** Request with a `ContextName`, answered by an `EffectiveDocument`, or `null` for an unknown context. */
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

/** Path and query of a context's document: `storefront/production-eu.yaml`, and the context as JSON. */
export function effectiveAddress(of: ContextName): { path: string; query: string } {
  const file = `${of.label.replace(/[^\w.]+/g, '-').replace(/-$/, '')}.yaml`;
  return { path: `/${of.app}/${file}`, query: JSON.stringify(of) };
}

/** The context of a document's address; `undefined` for a query that is none. */
export function contextOfAddress(query: string): ContextName | undefined {
  try {
    const value: unknown = JSON.parse(query);
    return isContextName(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
