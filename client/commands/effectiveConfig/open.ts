import * as vscode from 'vscode';
import { effectiveUri } from '../../effectiveDocuments.ts';
import { tellNoContexts } from '../contextChoice.ts';
import { contextOf } from '../nodes.ts';
import type { Parts } from '../parts.ts';

/** **Strata: Open Effective Config**: the whole configuration of a context, with the source of each value. */
export async function openEffectiveConfig(parts: Parts, node?: unknown): Promise<void> {
  const of = contextOf(node) ?? parts.context.current().active;
  if (of === null) return tellNoContexts();
  await vscode.window.showTextDocument(effectiveUri(of), { preview: true });
}
