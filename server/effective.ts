import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import type { Context } from '../core/layers/context.ts';
import type { Model } from '../core/workspace/model.ts';
import { contextOfAddress, effectiveScheme } from '../protocol/effective.ts';
import type { Session } from './session.ts';

/** An effective document that is open in the editor, with the context that it shows. */
export interface ShownEffective {
  model: Model;
  context: Context;
  document: TextDocument;
}

/** What an open document shows of the session; `undefined` for a layer, and for a context that is not there any more. */
export function shownEffective(
  session: Session,
  document: TextDocument | undefined,
): ShownEffective | undefined {
  const uri = document && URI.parse(document.uri);
  const name = uri?.scheme === effectiveScheme ? contextOfAddress(uri.query) : undefined;
  const place = name && session.placeOfContext(name);
  return place && document && { ...place, document };
}
