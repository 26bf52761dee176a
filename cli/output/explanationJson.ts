import type { ChainLink, Explanation } from '../../core/features/explain.ts';
import { contextLabel } from '../../core/layers/context.ts';
import { compactStyle, effectiveJson, nodeJson } from '../../core/render/json.ts';
import type { AppExplanations } from '../commands/explain.ts';
import type { PlaceOf } from './problems.ts';
import { RawJson } from './rawJson.ts';

/** The form of `strata explain --json`, version 1 (docs/cli.md). Paths are relative to the workspace. */
export function explanationJson(
  setting: string,
  explained: readonly AppExplanations[],
  placeOf: PlaceOf,
): object {
  return {
    version: 1,
    setting,
    apps: explained.map(({ app, explanations }) => ({
      app,
      contexts: explanations.map((one) => contextJson(one, placeOf)),
    })),
  };
}

function contextJson(one: Explanation, placeOf: PlaceOf): object {
  const { context, value, winner } = one;
  return {
    environment: context.environment,
    cluster: context.cluster ?? null,
    mode: context.mode,
    label: contextLabel(context),
    present: value !== undefined,
    type: value?.kind ?? null,
    value:
      value === undefined || value.kind === 'missing'
        ? null
        : new RawJson(effectiveJson(value, compactStyle)),
    winner: winner === undefined ? null : linkPlace(winner, placeOf),
    chain: one.chain.map((link) => linkJson(link, placeOf)),
  };
}

function linkJson(link: ChainLink, placeOf: PlaceOf): object {
  const { slot, action = 'none', node } = link;
  const place = action === 'none' ? { file: fileOf(link, placeOf) } : linkPlace(link, placeOf);
  if (node === undefined) return { layer: slot, action, ...place };
  if (node.kind === 'missing') return { layer: slot, action, ...place, reason: node.reason };
  if (node.kind === 'deleted' || action === 'delete') return { layer: slot, action, ...place };
  return { layer: slot, action, ...place, value: new RawJson(nodeJson(node, compactStyle)) };
}

function linkPlace(link: ChainLink, placeOf: PlaceOf): object {
  if (link.file === '' || link.keyRange === undefined)
    return { file: fileOf(link, placeOf), line: null, column: null };
  return placeOf(link.file, link.keyRange);
}

function fileOf(link: ChainLink, placeOf: PlaceOf): string | null {
  return link.file === '' ? null : placeOf(link.file, { start: 0, end: 0 }).file;
}
