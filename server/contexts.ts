import type { Connection } from 'vscode-languageserver';
import { isContextName, methods } from '../protocol/contexts.ts';
import type { Session } from './session.ts';

/**
 * Answers what is asked of contexts.
 * @param chosen is called when another context is active.
 * @returns what tells the editor of contexts that may have changed: only if they are others than it knows.
 */
export function serveContexts(
  connection: Connection,
  session: Session,
  chosen: () => void,
): { changed(): void } {
  let told: string | undefined;
  connection.onRequest(methods.contexts, () => session.contexts());
  connection.onRequest(methods.setContext, (name: unknown) => {
    if (isContextName(name)) session.choose(name);
    chosen();
    const now = session.contexts();
    if (told !== undefined) told = JSON.stringify(now);
    return now.active;
  });
  return {
    changed() {
      const now = session.contexts();
      const text = JSON.stringify(now);
      if (text === told) return;
      told = text;
      void connection.sendNotification(methods.contextsChanged, now);
    },
  };
}
