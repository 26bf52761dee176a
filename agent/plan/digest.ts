import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { configurationName, textOf } from '../configuration/files.ts';
import { centralLayers } from '../configuration/render.ts';
import { AgentError } from '../failure.ts';
import type { PlanBox } from './box.ts';
import { inTemporary } from './temporary.ts';
import { lookAt, type View } from './view.ts';

/**
 * Names all that a plan hangs on: the release that is live and its configuration, the artifact's bytes, the box's environment, and the
 * central layers that the app is configured with. What comes and goes by itself (room, who has the app) is no part of it.
 */
export async function digestOf(view: View): Promise<string> {
  const { box, request, target, live, central } = view;
  const { settings } = box;
  const { artifact, there } = target;
  const { app } = request;
  const facts = {
    plan: 1,
    ...{ app, channel: target.series?.channel ?? request.channel ?? null, force: request.force === true },
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
  };
  return `sha256:${sha256(JSON.stringify(facts))}`;
}

async function releaseFacts(release: string): Promise<string[]> {
  const text = await textOf(path.join(release, configurationName));
  return [path.basename(release), text === undefined ? '' : sha256(text)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Refuses, with `moved`, a deployment whose plan is no longer true. The artifact is not fetched for it; the app should be locked.
 * `missing`, `unavailable`, `cancelled` as a plan itself.
 */
export async function checkPlan(
  box: PlanBox,
  request: DeploymentRequest,
  signal: AbortSignal,
): Promise<void> {
  if (request.plan === undefined) return;
  const digest = await inTemporary(box.temporary, async (folder) =>
    digestOf(await lookAt(box, request, folder, signal)),
  );
  if (digest === request.plan) return;
  throw new AgentError(
    'moved',
    `${request.app} is no longer as the plan found it: another release is live, or its configuration or its artifact changed; plan again`,
    { plan: request.plan, digest },
  );
}
