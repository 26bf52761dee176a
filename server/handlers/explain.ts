import {
  type ChainLink,
  type Explanation,
  explainSetting,
  nodeText,
  valueText,
} from '../../core/features/explain.ts';
import { type Focus, focusAmong } from '../../core/features/focus.ts';
import { subjectAt } from '../../core/features/subject.ts';
import { fileStart } from '../../core/text/range.ts';
import type { Model } from '../../core/workspace/model.ts';
import { contextsOf } from '../../core/workspace/workspace.ts';
import {
  type ContextExplanation,
  type ExplainParams,
  type ExplanationResult,
  isExplainParams,
  type ChainLink as WireLink,
} from '../../protocol/explanation.ts';
import { toContextName } from '../contextName.ts';
import type { PositionOf } from '../lsp/convert.ts';
import { toPlace } from '../lsp/place.ts';
import type { Server } from '../server.ts';

export function onExplain(server: Server, params: unknown): ExplanationResult | null {
  const asked = isExplainParams(params) ? askedSetting(server, params) : undefined;
  if (asked === undefined) return null;
  const { model, path, focus } = asked;
  const positionOf = server.positionsIn(model);
  const contexts = focus.contexts.map((of) =>
    toContextExplanation(model, explainSetting(model, of, path), positionOf),
  );
  return { app: focus.app, setting: path, active: focus.contexts.indexOf(focus.active), contexts };
}

interface Asked {
  model: Model;
  path: string[];
  focus: Focus;
}

function askedSetting(server: Server, params: ExplainParams): Asked | undefined {
  if ('context' in params) return settingOfContext(server, params);
  const place = server.placeOf(params);
  const subject = place && subjectAt(place.model, place.file, place.offset, server.session.chosen());
  if (place === undefined || subject?.focus === undefined) return undefined;
  return { model: place.model, path: subject.path, focus: subject.focus };
}

function settingOfContext(
  { session }: Server,
  { context, setting }: Extract<ExplainParams, { setting: string[] }>,
): Asked | undefined {
  const place = session.placeOfContext(context);
  if (place === undefined) return undefined;
  const { model } = place;
  const focus = focusAmong(model, contextsOf(model.workspace, place.context.app), place.context);
  return focus && { model, path: setting, focus };
}

function toContextExplanation(
  model: Model,
  { context, value, winner, chain }: Explanation,
  positionOf: PositionOf,
): ContextExplanation {
  return {
    context: toContextName(context),
    value: value === undefined ? null : valueText(value),
    chain: chain.map((link) => toLink(model, link, winner, positionOf)),
  };
}

function toLink(
  model: Model,
  { slot, file, action, keyRange, node }: ChainLink,
  winner: ChainLink | undefined,
  positionOf: PositionOf,
): WireLink {
  return {
    slot,
    action: action ?? null,
    value: node === undefined || action === 'delete' ? null : nodeText(node),
    place: toPlace(model, file, keyRange ?? fileStart, positionOf),
    wins: action !== undefined && slot === winner?.slot && file === winner.file,
  };
}
