import type * as vscode from 'vscode';
import type { ActiveContext } from '../activeContext.ts';
import type { Builds } from '../build/builds.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { HistoryDocuments } from '../history/document.ts';
import type { LanguageRequests } from '../languageRequests.ts';
import type { LanguageServer } from '../languageServer.ts';
import type { LayerMaps } from '../layerMap/panels.ts';
import type { LocalAgent } from '../localAgent/localAgent.ts';
import type { Tails } from '../logs/tails.ts';
import type { Rollouts } from '../rollout/openRollouts.ts';
import type { EffectiveConfigView } from '../tree/effectiveConfig/view.ts';

/** What commands work with. */
export interface Parts {
  server: LanguageServer;
  requests: LanguageRequests;
  context: ActiveContext;
  effectiveConfig: EffectiveConfigView;
  layerMaps: LayerMaps;
  fleet: Fleet;
  rollouts: Rollouts;
  /** The file of the bundled command. */
  command: string;
  tails: Tails;
  historyDocuments: HistoryDocuments;
  builds: Builds;
  localAgent: LocalAgent;
  /** The folder of this extension. */
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
}
