import fs from 'node:fs/promises';
import path from 'node:path';
import { checkCancelled } from '../../artifact/cancelling.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { type Central, centralFor } from '../configuration/central.ts';
import { isConfigured } from '../configuration/step.ts';
import { AgentError } from '../failure.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import type { PlanBox, ThereRelease } from './box.ts';
import { type Target, targetOf } from './target.ts';
import { type Used, use } from './whileThere.ts';

/** What a plan is made of, as far as it is known without the artifact's bytes. */
export interface View {
  box: PlanBox;
  request: DeploymentRequest;
  /** The plan's own folder. */
  folder: string;
  /** Folders of the box that are looked into. */
  used: Used;
  signal: AbortSignal;
  target: Target;
  live: ThereRelease | undefined;
  /** The version that is live would be deployed once more, and nobody insists. */
  isNoOp: boolean;
  /** Nothing where the app needs none, or where it cannot be had. */
  central: Central | undefined;
  obstacles: string[];
  /** The secrets of the configurations that were looked at; it grows while more of them are. */
  mask: Mask;
}

/** Looks at a box and at the repository; `missing`, `invalid`, `unavailable`, `cancelled`. */
export async function lookAt(
  box: PlanBox,
  request: DeploymentRequest,
  { folder, used }: Pick<View, 'folder' | 'used'>,
  signal: AbortSignal,
): Promise<View> {
  checkCancelled(signal);
  const target = await targetOf(box, request, signal);
  const live = await box.live(request.app);
  const isNoOp = target.refusal === undefined && request.force !== true && isLive(live, target, request);
  const obstacles = target.refusal === undefined ? [] : [target.refusal];
  const own = { folder, used, signal, mask: createMask() };
  const view = { box, request, target, live, isNoOp, obstacles, ...own };
  const needsCentral = target.artifact !== undefined && !isNoOp && isConfigured(box.settings, request.app);
  const asked = { version: request.configs, signal };
  const get = () => centralIn(view, 'central', asked);
  return { ...view, central: needsCentral ? await orObstacle(obstacles, get) : undefined };
}

function isLive(
  live: ThereRelease | undefined,
  { version, channel, there }: Target,
  request: DeploymentRequest,
): boolean {
  // The release before may be another one of the same version.
  const isOther = there !== undefined && there.path !== live?.path;
  if (request.rollback && request.version === undefined && isOther) return false;
  return live?.version === version && (live.channel ?? channel) === channel;
}

/** Central config for a plan; what is fetched lies in a folder of the plan's own. */
export async function centralIn(
  { box, folder, used }: Pick<View, 'box' | 'folder' | 'used'>,
  name: string,
  asked: { version: string | undefined; signal: AbortSignal },
): Promise<Central> {
  const own = path.join(folder, name);
  await fs.mkdir(own);
  const { root, repository, settings } = box;
  const central = await centralFor({ root, repository, central: settings.central }, own, asked);
  await use(used, central.base);
  return central;
}

/** What would make a deployment fail does not make its plan fail: it is told in it. */
export async function orObstacle<T>(obstacles: string[], work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isTold =
      error instanceof AgentError && ['refused', 'failed', 'full', 'missing'].includes(error.code);
    if (!isTold) throw error;
    obstacles.push(error.message);
    return undefined;
  }
}
