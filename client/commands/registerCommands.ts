import * as vscode from 'vscode';
import { showReferencesCommand } from '../../protocol/references.ts';
import { build } from './app/build.ts';
import { renderConfiguration } from './configuration/render.ts';
import { selectContext } from './context/select.ts';
import { clearFilter } from './effectiveConfig/clearFilter.ts';
import { compareEnvironments } from './effectiveConfig/compareEnvironments.ts';
import { compareWithHead } from './effectiveConfig/compareWithHead.ts';
import { filterSettings } from './effectiveConfig/filter.ts';
import { onlyDifferences } from './effectiveConfig/onlyDifferences.ts';
import { onlyLayer } from './effectiveConfig/onlyLayer.ts';
import { openEffectiveConfig } from './effectiveConfig/open.ts';
import { openExample } from './example/open.ts';
import { restartServer } from './languageServer/restart.ts';
import { showLog } from './languageServer/showLog.ts';
import { newLayer } from './layer/new.ts';
import { showLayerMap } from './layerMap/open.ts';
import { showLocalAgentLog } from './localAgent/showLog.ts';
import { startLocalAgent } from './localAgent/start.ts';
import { stopLocalAgent } from './localAgent/stop.ts';
import type { Parts } from './parts.ts';
import { showReferences } from './references/show.ts';
import { copySettingPath } from './setting/copyPath.ts';
import { copyEffectiveValue } from './setting/copyValue.ts';
import { explainSetting } from './setting/explain.ts';
import { showHover } from './walkthrough/hover.ts';

/** Every command by its id; the file's path says the same. */
const commands: Readonly<Record<string, (parts: Parts, ...args: unknown[]) => unknown>> = {
  'strata.selectContext': selectContext,
  'strata.openEffectiveConfig': openEffectiveConfig,
  'strata.compareEnvironments': compareEnvironments,
  'strata.compareWithHead': compareWithHead,
  'strata.effectiveConfig.filter': filterSettings,
  'strata.effectiveConfig.clearFilter': clearFilter,
  'strata.effectiveConfig.onlyDifferences': onlyDifferences,
  'strata.effectiveConfig.onlyLayer': onlyLayer,
  'strata.explainSetting': explainSetting,
  'strata.copySettingPath': copySettingPath,
  'strata.copyEffectiveValue': copyEffectiveValue,
  'strata.newLayer': newLayer,
  'strata.showLayerMap': showLayerMap,
  'strata.build': build,
  'strata.renderConfiguration': renderConfiguration,
  'strata.startLocalAgent': startLocalAgent,
  'strata.stopLocalAgent': stopLocalAgent,
  'strata.showLocalAgentLog': showLocalAgentLog,
  'strata.openExample': openExample,
  'strata.walkthrough.hover': showHover,
  'strata.restartServer': restartServer,
  'strata.showLog': showLog,
  [showReferencesCommand]: showReferences,
};

export function registerCommands(extension: vscode.ExtensionContext, parts: Parts): void {
  for (const [id, run] of Object.entries(commands)) {
    const command = vscode.commands.registerCommand(id, (...args: unknown[]) => run(parts, ...args));
    extension.subscriptions.push(command);
  }
}
