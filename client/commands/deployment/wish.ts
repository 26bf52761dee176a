import * as vscode from 'vscode';
import type { FleetBox } from '../../fleet/fleet.ts';
import {
  appChoices,
  boxChoices,
  environmentChoices,
  type LiveVersions,
  liveVersions,
} from '../../rollout/choices.ts';
import { type Answer, askInTurn, pickOne, pickSome, type Step } from '../../rollout/input.ts';
import { mayDeploy } from '../../rollout/refuse.ts';
import { type AppOf, runsOn } from '../../rollout/runsOn.ts';
import { isTrusted } from '../../trust.ts';
import { environmentOf, type Given, givenBy } from '../deploymentNodes.ts';
import type { Parts } from '../parts.ts';

/** What a person has answered so far. */
interface Said {
  of: AppOf | undefined;
  environment: string | undefined;
  boxes: FleetBox[];
}

/** Where something is done. */
export interface Whole {
  of: AppOf;
  environment: string;
  boxes: FleetBox[];
}

/** What only one command asks. */
export interface LastQuestion<T> {
  /** Its answer, where whoever called the command gave it: then it is not asked. */
  known: T | undefined;
  /** Of all questions, for the app where it is known. */
  title(app: string | undefined): string;
  /** @param live what is live on the boxes. */
  ask(
    at: Whole,
    live: () => Promise<LiveVersions>,
    place: { title: string; step: number; of: number },
  ): Promise<Answer<T>>;
}

/**
 * Asks for app, environment and boxes, and then for what the command is about. What the node of a tree says is not asked.
 */
export async function askWish<T>(
  parts: Parts,
  node: unknown,
  last: LastQuestion<T>,
): Promise<(Whole & { answer: T }) | undefined> {
  if (!isTrusted()) return undefined;
  const all = await parts.fleet.load();
  if (all.length === 0) return tellNoBoxes();
  const given = givenBy(node, all);
  if (given.of !== undefined && !mayDeploy(given.of.workspace)) return undefined;
  const said: Said = { of: given.of, environment: environmentOf(given), boxes: [] };
  let found: (Whole & { answer: T }) | undefined;
  const lastStep: Step = async (step, of) => {
    const at = whole(said);
    if (at === undefined) return 'cancelled';
    const live = () => liveVersions(parts.fleet, at.boxes, at.of.app, AbortSignal.timeout(10_000));
    const answer = await last.ask(at, live, { title: last.title(at.of.app), step, of });
    if (typeof answer === 'object') found = { ...at, answer: answer.value };
    return answer;
  };
  const steps = stepsOf(parts, all, given, said, () => last.title(said.of?.app));
  if (!(await askInTurn(last.known === undefined ? [...steps, lastStep] : steps))) return undefined;
  const at = whole(said);
  return at !== undefined && last.known !== undefined ? { ...at, answer: last.known } : found;
}

function whole({ of, environment, boxes }: Said): Whole | undefined {
  return of === undefined || environment === undefined ? undefined : { of, environment, boxes };
}

function stepsOf(
  parts: Parts,
  all: readonly FleetBox[],
  given: Given,
  said: Said,
  title: () => string,
): Step[] {
  const { fleet, context } = parts;
  const app: Step = async (step, of) => {
    const file = vscode.window.activeTextEditor?.document.uri;
    const answer = await pickOne({
      ...{ title: title(), step, of, placeholder: vscode.l10n.t('Which app?') },
      choices: () => appChoices(given.boxes ?? all, file, parts.rollouts.deployments.list()[0]?.app),
    });
    if (typeof answer !== 'object') return answer;
    said.of = answer.value;
    return mayDeploy(answer.value.workspace) ? answer : 'cancelled';
  };
  const environment: Step = async (step, of) => {
    const { active } = context.current();
    const answer = await pickOne({
      ...{ title: title(), step, of, placeholder: vscode.l10n.t('Which environment?') },
      choices: () =>
        said.of === undefined ? [] : environmentChoices(said.of, given.boxes ?? all, active?.environment),
    });
    if (typeof answer === 'object') said.environment = answer.value;
    return answer;
  };
  const boxes: Step = async (step, of) => {
    const there = (given.boxes ?? all).filter(
      (box) => said.of !== undefined && runsOn(said.of, box) && box.environment === said.environment,
    );
    const { app: name = '' } = said.of ?? {};
    const answer = await pickSome({
      ...{ title: title(), step, of, placeholder: vscode.l10n.t('Which boxes?') },
      choices: async (signal) => boxChoices(there, await liveVersions(fleet, there, name, signal), name),
    });
    if (typeof answer === 'object') said.boxes = answer.value;
    return answer;
  };
  return [
    ...(given.of === undefined ? [app] : []),
    ...(said.environment === undefined ? [environment] : []),
    boxes,
  ];
}

function tellNoBoxes(): undefined {
  const text = vscode.l10n.t('Strata: no box is described in the manifest (strata.yaml) of this workspace.');
  void vscode.window.showInformationMessage(text);
  return undefined;
}
