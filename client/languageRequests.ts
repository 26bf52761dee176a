import type { CancellationToken } from 'vscode';
import { type CompareParams, type CompareResult, compareMethods } from '../protocol/compare.ts';
import type { ContextName } from '../protocol/contexts.ts';
import {
  type ExplainParams,
  type ExplanationResult,
  explanationMethods,
  isExplanationResult,
} from '../protocol/explanation.ts';
import {
  isLayerMapResult,
  isSlotsResult,
  type LayerMapResult,
  layersMethods,
  type SlotPlace,
} from '../protocol/layers.ts';
import { type EffectiveSetting, isSettingsResult, settingsMethods } from '../protocol/settings.ts';
import type { LanguageServer } from './languageServer.ts';

/** What views and commands ask of the language server. Nothing comes back where it does not know what is asked about. */
export interface LanguageRequests {
  settings(of: ContextName, token?: CancellationToken): Promise<EffectiveSetting[] | undefined>;
  explain(params: ExplainParams, token?: CancellationToken): Promise<ExplanationResult | undefined>;
  /** What differs; a side that cannot be had is an error in words. */
  compare(params: CompareParams, token?: CancellationToken): Promise<CompareResult>;
  slots(of: ContextName): Promise<SlotPlace[] | undefined>;
  layerMap(of: ContextName): Promise<LayerMapResult | undefined>;
}

export function languageRequests(server: LanguageServer): LanguageRequests {
  const ask = async (method: string, params: unknown, token?: CancellationToken): Promise<unknown> =>
    await (token === undefined
      ? server.sendRequest(method, params)
      : server.sendRequest(method, params, token));
  return {
    async settings(of, token) {
      const answer = await ask(settingsMethods.settings, of, token);
      return isSettingsResult(answer) ? answer.settings : undefined;
    },
    async explain(params, token) {
      const answer = await ask(explanationMethods.explain, params, token);
      return isExplanationResult(answer) ? answer : undefined;
    },
    async compare(params, token) {
      return (await ask(compareMethods.compare, params, token)) as CompareResult;
    },
    async slots(context) {
      const answer = await ask(layersMethods.slots, { context });
      return isSlotsResult(answer) ? answer.slots : undefined;
    },
    async layerMap(context) {
      const answer = await ask(layersMethods.map, { context });
      return isLayerMapResult(answer) ? answer : undefined;
    },
  };
}
