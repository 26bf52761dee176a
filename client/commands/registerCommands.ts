import * as vscode from 'vscode';
import { showReferencesCommand } from '../../protocol/references.ts';
import { build } from './app/build.ts';
import { explainSteps } from './app/explainSteps.ts';
import { acceptCertificate } from './box/acceptCertificate.ts';
import { addBox } from './box/add.ts';
import { checkBoxes } from './box/check.ts';
import { copyBoxAddress } from './box/copyAddress.ts';
import { forgetCertificate } from './box/forgetCertificate.ts';
import { removeBox } from './box/remove.ts';
import { setToken } from './box/setToken.ts';
import { renderConfiguration } from './configuration/render.ts';
import { selectContext } from './context/select.ts';
import { cancelDeployment } from './deployment/cancel.ts';
import { deploy } from './deployment/deploy.ts';
import { retryFailed } from './deployment/retryFailed.ts';
import { revertDeployment } from './deployment/revert.ts';
import { rollBack } from './deployment/rollBack.ts';
import { showDeployments } from './deployment/show.ts';
import { showDeploymentLogs } from './deployment/showLogs.ts';
import { showDocumentation } from './documentation/show.ts';
import { clearFilter } from './effectiveConfig/clearFilter.ts';
import { compareEnvironments } from './effectiveConfig/compareEnvironments.ts';
import { compareWithHead } from './effectiveConfig/compareWithHead.ts';
import { filterSettings } from './effectiveConfig/filter.ts';
import { onlyDifferences } from './effectiveConfig/onlyDifferences.ts';
import { onlyLayer } from './effectiveConfig/onlyLayer.ts';
import { openEffectiveConfig } from './effectiveConfig/open.ts';
import { openExample } from './example/open.ts';
import { refreshFleet } from './fleet/refresh.ts';
import { showHistory } from './history/show.ts';
import { restartServer } from './languageServer/restart.ts';
import { showLog } from './languageServer/showLog.ts';
import { newLayer } from './layer/new.ts';
import { showLayerMap } from './layerMap/open.ts';
import { showLocalAgentLog } from './localAgent/showLog.ts';
import { startLocalAgent } from './localAgent/start.ts';
import { stopLocalAgent } from './localAgent/stop.ts';
import { filterLog } from './logs/filter.ts';
import { saveLogAs } from './logs/save.ts';
import { tailLogs } from './logs/tail.ts';
import { onlyTrusted } from './onlyTrusted.ts';
import type { Parts } from './parts.ts';
import { showReferences } from './references/show.ts';
import { copySettingPath } from './setting/copyPath.ts';
import { copyEffectiveValue } from './setting/copyValue.ts';
import { explainSetting } from './setting/explain.ts';
import { showHover } from './walkthrough/hover.ts';

type Commands = Readonly<Record<string, (parts: Parts, ...args: unknown[]) => unknown>>;

/** Commands by their ids; the file's path says the same. */
const everywhere: Commands = {
  'strata.selectContext': selectContext,
  'strata.openEffectiveConfig': openEffectiveConfig,
  'strata.compareEnvironments': compareEnvironments,
  'strata.compareWithHead': compareWithHead,
  'strata.effectiveConfig.filter': filterSettings,
  'strata.effectiveConfig.clearFilter': clearFilter,
  'strata.effectiveConfig.onlyDifferences': onlyDifferences,
  'strata.effectiveConfig.onlyLayer': onlyLayer,
  'strata.explainSetting': explainSetting,
  'strata.explainSteps': explainSteps,
  'strata.copySettingPath': copySettingPath,
  'strata.copyEffectiveValue': copyEffectiveValue,
  'strata.newLayer': newLayer,
  'strata.showLayerMap': showLayerMap,
  'strata.openExample': openExample,
  'strata.walkthrough.hover': showHover,
  'strata.restartServer': restartServer,
  'strata.showDocumentation': showDocumentation,
  'strata.showLog': showLog,
  [showReferencesCommand]: showReferences,
};

/** Those that ask boxes or run programs: refused in a workspace that nobody trusts, however they are called. */
const whereTrusted: Commands = {
  'strata.deploy': deploy,
  'strata.rollBack': rollBack,
  'strata.retryFailed': retryFailed,
  'strata.revertDeployment': revertDeployment,
  'strata.cancelDeployment': cancelDeployment,
  'strata.showDeployments': showDeployments,
  'strata.showDeploymentLogs': showDeploymentLogs,
  'strata.addBox': addBox,
  'strata.removeBox': removeBox,
  'strata.setToken': setToken,
  'strata.acceptCertificate': acceptCertificate,
  'strata.forgetCertificate': forgetCertificate,
  'strata.checkBoxes': checkBoxes,
  'strata.copyBoxAddress': copyBoxAddress,
  'strata.fleet.refresh': refreshFleet,
  'strata.tailLogs': tailLogs,
  'strata.logs.filter': filterLog,
  'strata.logs.save': saveLogAs,
  'strata.showHistory': showHistory,
  'strata.build': build,
  'strata.renderConfiguration': renderConfiguration,
  'strata.startLocalAgent': startLocalAgent,
  'strata.stopLocalAgent': stopLocalAgent,
  'strata.showLocalAgentLog': showLocalAgentLog,
};

export function registerCommands(extension: vscode.ExtensionContext, parts: Parts): void {
  const guarded = Object.entries(whereTrusted).map(([id, run]) => [id, onlyTrusted(run)] as const);
  for (const [id, run] of [...Object.entries(everywhere), ...guarded]) {
    const command = vscode.commands.registerCommand(id, (...args: unknown[]) => run(parts, ...args));
    extension.subscriptions.push(command);
  }
}
