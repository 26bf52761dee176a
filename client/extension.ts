import * as vscode from 'vscode';
import { type ActiveContext, rememberedContext, trackContext } from './activeContext.ts';
import { type Builds, openBuilds } from './build/builds.ts';
import { provideBuildTasks } from './build/tasks.ts';
import type { Parts } from './commands/parts.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { provideEffectiveDocuments } from './effectiveDocuments.ts';
import type { Fleet } from './fleet/fleet.ts';
import { openFleet } from './fleet/openFleet.ts';
import { historyDocuments } from './history/document.ts';
import { languageRequests } from './languageRequests.ts';
import { type LanguageServer, languageServer } from './languageServer.ts';
import { layerChanges } from './layerChanges.ts';
import { layerMaps } from './layerMap/panels.ts';
import { type LocalAgent, openLocalAgent } from './localAgent/localAgent.ts';
import { openTails, type Tails } from './logs/tails.ts';
import { openRollouts, type Rollouts } from './rollout/openRollouts.ts';
import { showContextInStatusBar } from './status/contextItem.ts';
import { provideStepsDocuments } from './stepsDocuments.ts';
import { type EffectiveConfigView, showEffectiveConfig } from './tree/effectiveConfig/view.ts';
import { type FleetView, showFleet } from './tree/fleet/view.ts';
import { tellYamlSyntax } from './yamlSyntax.ts';

/** What other extensions and tests may use. */
export interface StrataApi {
  /** When the language server answers, or was told not to have started. */
  ready: Promise<void>;
  server: LanguageServer;
  context: ActiveContext;
  effectiveConfig: EffectiveConfigView;
  fleet: Fleet;
  rollouts: Rollouts;
  fleetView: FleetView;
  tails: Tails;
  localAgent: LocalAgent;
  builds: Builds;
}

/** Shows views and offers commands at once. The language server starts meanwhile; what is asked of it waits for it. */
export function activate(extension: vscode.ExtensionContext): StrataApi {
  const log = vscode.window.createOutputChannel('Strata', { log: true });
  log.info(`Strata ${extension.extension.packageJSON.version} starts its language server.`);
  const server = languageServer(extension, log, () => rememberedContext(extension.workspaceState));
  const requests = languageRequests(server);
  const context = trackContext(server, extension.workspaceState);
  const layers = layerChanges(server);
  const effectiveConfig = showEffectiveConfig(layers, requests, context);
  const fleet = openFleet(server, extension.secrets);
  const rollouts = openRollouts(extension, fleet, log);
  const command = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'cli.js').fsPath;
  const fleetView = showFleet(fleet);
  const tails = openTails(extension, fleet);
  const history = historyDocuments();
  const builds = openBuilds(extension.extensionUri);
  const localAgent = openLocalAgent(extension, fleet);
  const maps = layerMaps(extension.extensionUri, layers, requests);
  extension.subscriptions.push(
    log,
    context,
    layers,
    effectiveConfig,
    maps,
    fleet,
    rollouts,
    fleetView,
    tails,
    history,
    builds,
    localAgent,
    provideBuildTasks({ fleet, builds }),
    showContextInStatusBar(context),
    provideEffectiveDocuments(server, layers),
    provideStepsDocuments(server, layers),
    tellYamlSyntax(server),
  );
  registerCommands(extension, {
    ...{ server, requests, context, effectiveConfig, layerMaps: maps, log },
    ...{ fleet, rollouts, command, tails, historyDocuments: history, builds, localAgent },
    extensionUri: extension.extensionUri,
  });
  void vscode.commands.executeCommand('setContext', 'strata.isActive', true);
  const ready = server.start();
  extension.subscriptions.push(server);
  void ready.then(() => takeUp(extension, { rollouts, tails, localAgent, log }));
  return { ready, server, context, effectiveConfig, fleet, fleetView, rollouts, tails, localAgent, builds };
}

/** Goes on with what was open when the window was closed, once the boxes can be known. */
function takeUp(
  extension: vscode.ExtensionContext,
  { rollouts, tails, localAgent, log }: Pick<Parts, 'rollouts' | 'tails' | 'localAgent' | 'log'>,
): void {
  const restore = () => restoreTails(tails, log);
  void localAgent.resume().catch((error) => log.error(`The local agent was not started again: ${error}`));
  rollouts.takeUp();
  void restore();
  extension.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(restore));
}

/** Takes up the logs that were open, once the workspace is trusted: their boxes are asked. */
async function restoreTails(tails: Tails, log: vscode.LogOutputChannel): Promise<void> {
  try {
    if (vscode.workspace.isTrusted) await tails.restore();
  } catch (error) {
    log.error(`Logs that were open could not be opened again: ${error}`);
  }
}

/** VS Code ends the server with the subscriptions of the extension. */
export function deactivate(): void {}
