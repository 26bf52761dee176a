import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type ActiveContext, rememberedContext, trackContext } from './activeContext.ts';
import { type Builds, openBuilds } from './build/builds.ts';
import { provideBuildTasks } from './build/tasks.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { provideEffectiveDocuments } from './effectiveDocuments.ts';
import type { Fleet } from './fleet/fleet.ts';
import { openFleet } from './fleet/openFleet.ts';
import { createLanguageClient, startLanguageClient } from './languageClient.ts';
import { languageRequests } from './languageRequests.ts';
import { layerMaps } from './layerMap/panels.ts';
import { type LocalAgent, openLocalAgent } from './localAgent/localAgent.ts';
import { showContextInStatusBar } from './status/contextItem.ts';
import { type EffectiveConfigView, showEffectiveConfig } from './tree/effectiveConfig/view.ts';
import { tellYamlSyntax } from './yamlSyntax.ts';

/** What other extensions and tests may use. */
export interface StrataApi {
  client: LanguageClient;
  context: ActiveContext;
  effectiveConfig: EffectiveConfigView;
  fleet: Fleet;
  localAgent: LocalAgent;
  builds: Builds;
}

/** Starts the language server and shows the active context. */
export async function activate(extension: vscode.ExtensionContext): Promise<StrataApi> {
  const log = vscode.window.createOutputChannel('Strata', { log: true });
  log.info(`Strata ${extension.extension.packageJSON.version} starts its language server.`);
  const client = createLanguageClient(extension, log, () => rememberedContext(extension.workspaceState));
  const requests = languageRequests(client);
  const context = trackContext(client, extension.workspaceState);
  const effectiveConfig = showEffectiveConfig(client, requests, context);
  const fleet = openFleet(client, extension.secrets);
  const builds = openBuilds(extension.extensionUri);
  const localAgent = openLocalAgent(extension, fleet);
  const maps = layerMaps(extension.extensionUri, client, requests);
  extension.subscriptions.push(
    log,
    client,
    context,
    effectiveConfig,
    maps,
    fleet,
    builds,
    localAgent,
    provideBuildTasks({ fleet, builds }),
    showContextInStatusBar(context),
    provideEffectiveDocuments(client),
    tellYamlSyntax(client),
  );
  registerCommands(extension, {
    client,
    requests,
    context,
    effectiveConfig,
    layerMaps: maps,
    fleet,
    builds,
    localAgent,
    log,
    extensionUri: extension.extensionUri,
  });
  await startLanguageClient(client, log);
  void localAgent.resume();
  return { client, context, effectiveConfig, fleet, localAgent, builds };
}

/** VS Code ends the server with the subscriptions of the extension. */
export function deactivate(): void {}
