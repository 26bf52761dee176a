import { createHash, createHmac } from 'node:crypto';
import path from 'node:path';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { configurationName, textOf } from '../configuration/files.ts';
import { centralLayers } from '../configuration/render.ts';
import { AgentError } from '../failure.ts';
import type { PlanBox } from './box.ts';
import { type Findings, findingsOf, tellingSteps } from './findings.ts';
import { inTemporary } from './temporary.ts';
import { lookAt, type View } from './view.ts';

/**
 * Names all that a plan hangs on: the release that is live and its configuration, the artifact's bytes, the box's environment, the
 * central layers that the app is configured with, and what the steps found: units, vhosts, files. What comes and goes by itself (room, who has
 * the app) is no part of it. It is made with the box's salt: nobody can try what a secret in it may be.
 */
export async function digestOf(view: View, steps: Findings['steps']): Promise<string> {
  const { box, request, target, live, central } = view;
  const { settings } = box;
  const { artifact, there } = target;
  const { app } = request;
  const facts = {
    plan: 1,
    ...{ app, channel: target.channel, force: request.force === true },
    live: live === undefined ? null : await releaseFacts(live.path),
    to: target.version,
    there: there === undefined ? null : await releaseFacts(there.path),
    // Without a digest of its own, an artifact is told by what else changes with it.
    artifact: artifact === undefined ? null : (artifact.sha256 ?? `${artifact.size} ${artifact.created}`),
    ...{
      environment: settings.environment,
      cluster: settings.cluster ?? null,
      hostname: settings.hostname ?? null,
    },
    ...{ merge: settings.merge ?? null, yaml: settings.yaml ?? null },
    central:
      central === undefined
        ? null
        : centralLayers(settings, app, central).map(({ file, text }) => [file, sha256(text)]),
    steps: steps.map(({ name, plan: { obstacles: _, ...found } }) => [name, found]),
  };
  return `sha256:${createHmac('sha256', box.secrets.salt).update(JSON.stringify(facts)).digest('hex')}`;
}

async function releaseFacts(release: string): Promise<string[]> {
  const text = await textOf(path.join(release, configurationName));
  return [path.basename(release), text === undefined ? '' : sha256(text)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Refuses, with `moved`, a deployment whose plan is no longer true. The artifact is fetched for it only where there are steps that look into
 * it, and then from the box, where a plan left it; the app should be locked.
 * `missing`, `unavailable`, `cancelled` as a plan itself.
 */
export async function checkPlan(
  box: PlanBox,
  request: DeploymentRequest,
  signal: AbortSignal,
): Promise<void> {
  if (request.plan === undefined) return;
  const digest = await inTemporary(box.temporary, async (folder, used) => {
    const view = await lookAt(box, request, { folder, used }, signal);
    const isAsked = !view.isNoOp && tellingSteps(box).length > 0;
    return digestOf(view, isAsked ? (await findingsOf(view)).steps : []);
  });
  if (digest === request.plan) return;
  throw new AgentError(
    'moved',
    `${request.app} is no longer as the plan found it: another release is live, or its configuration, its artifact or what its steps find here changed; plan again`,
    { plan: request.plan, digest },
  );
}
