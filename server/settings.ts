import { type Connection, DidChangeConfigurationNotification } from 'vscode-languageserver';
import type { CodeSearch } from '../core/features/codeReferences.ts';
import { defaultCodeSearch, readCodeSearch } from './codeSearch.ts';

/** What a person can switch, under `strata` in the editor's settings. */
export interface Settings {
  inlayHints: boolean;
  codeLens: boolean;
  /** How uses of settings are looked for in code. */
  codeSearch: CodeSearch;
}

const defaults: Settings = { inlayHints: true, codeLens: true, codeSearch: defaultCodeSearch };

/** The editor's settings as they are now; the defaults for an editor that tells none. */
export interface FollowedSettings {
  now(): Settings;
  /** To be called when the conversation has begun. */
  follow(clientCanTell: boolean): Promise<void>;
}

/** @param changed is called when the settings are others than before. */
export function followSettings(connection: Connection, changed: () => void): FollowedSettings {
  let settings = defaults;
  const read = async () => {
    const told: unknown = await connection.workspace.getConfiguration('strata');
    const before = settings;
    settings = readSettings(told);
    if (before.inlayHints !== settings.inlayHints || before.codeLens !== settings.codeLens) changed();
  };
  return {
    now: () => settings,
    async follow(clientCanTell) {
      if (!clientCanTell) return;
      connection.onDidChangeConfiguration(() => void read());
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'strata' });
      await read();
    },
  };
}

function readSettings(told: unknown): Settings {
  const { inlayHints, codeLens, references } = (told ?? {}) as {
    inlayHints?: { enabled?: unknown };
    codeLens?: { enabled?: unknown };
    references?: { code?: unknown };
  };
  return {
    inlayHints: inlayHints?.enabled !== false,
    codeLens: codeLens?.enabled !== false,
    codeSearch: readCodeSearch(references?.code),
  };
}
