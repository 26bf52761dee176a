import * as vscode from 'vscode';
import {
  type ContextList,
  type ContextName,
  isContextList,
  isContextName,
  methods,
} from '../protocol/contexts.ts';
import type { LanguageServer } from './languageServer.ts';

const stateKey = 'strata.activeContext';

/** The app, environment and cluster that the person works on, as the server has it. */
export interface ActiveContext extends vscode.Disposable {
  current(): ContextList;
  readonly onDidChange: vscode.Event<ContextList>;
  /** Chooses another one: the server is told, and the workspace remembers it. */
  choose(name: ContextName): Promise<void>;
}

/** The context that was chosen when this workspace was last open. */
export function rememberedContext(state: vscode.Memento): ContextName | undefined {
  const value: unknown = state.get(stateKey);
  return isContextName(value) ? value : undefined;
}

/** Follows what the server says of contexts. */
export function trackContext(server: LanguageServer, state: vscode.Memento): ActiveContext {
  let list: ContextList = { contexts: [], active: null };
  const changed = new vscode.EventEmitter<ContextList>();
  const update = (now: ContextList) => {
    list = now;
    changed.fire(now);
  };
  const listening = server.onNotification(methods.contextsChanged, (value: unknown) => {
    if (isContextList(value)) update(value);
  });
  return {
    current: () => list,
    onDidChange: changed.event,
    async choose(name) {
      const active: unknown = await server.sendRequest(methods.setContext, name);
      if (!isContextName(active)) return;
      await state.update(stateKey, active);
      update({ ...list, active });
    },
    dispose() {
      listening.dispose();
      changed.dispose();
    },
  };
}
