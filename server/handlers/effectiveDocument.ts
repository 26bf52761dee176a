import { effectiveDocument } from '../../core/features/effectiveDocument.ts';
import { isContextName } from '../../protocol/contexts.ts';
import type { EffectiveDocument } from '../../protocol/effective.ts';
import type { Server } from '../server.ts';

export function onEffectiveDocument({ session }: Server, name: unknown): EffectiveDocument | null {
  const place = isContextName(name) ? session.placeOfContext(name) : undefined;
  return place === undefined ? null : { text: effectiveDocument(place.model, place.context) };
}
