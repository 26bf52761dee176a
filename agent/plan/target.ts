import { ArtifactError } from '../../artifact/failure.ts';
import { type Artifact, chosenVersion, head } from '../../artifact/repository/head.ts';
import { defaultChannel, type Series } from '../../artifact/repository/repository.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { appSeries } from '../artifacts/appSeries.ts';
import { agentFailure } from '../configuration/failures.ts';
import { AgentError } from '../failure.ts';
import type { PlanBox, ThereRelease } from './box.ts';

/** What would be live. */
export interface Target {
  version: string;
  channel: string;
  /** Where a rollback goes back to: it is on the disk. */
  there: ThereRelease | undefined;
  /** Nothing where it is on the disk, or may not be used. */
  artifact: Artifact | undefined;
  /** Nothing where the repository does not have the app. */
  series: Series | undefined;
  /** Why the artifact may not be used. */
  refusal: string | undefined;
}

/** Finds what a request would make live; `missing`, `invalid`, `unavailable`. None of its bytes are read. */
export async function targetOf(
  box: PlanBox,
  request: DeploymentRequest,
  signal: AbortSignal,
): Promise<Target> {
  return request.rollback ? rollbackTarget(box, request, signal) : deployTarget(box, request, signal);
}

async function rollbackTarget(
  box: PlanBox,
  request: DeploymentRequest,
  signal: AbortSignal,
): Promise<Target> {
  const { app, version } = request;
  const there = await (version === undefined
    ? box.previous(app)
    : box.release(app, version, request.channel));
  // What is no longer there is deployed as if it were new.
  if (there === undefined && version !== undefined) return deployTarget(box, request, signal);
  if (there === undefined) {
    throw new AgentError('missing', `${app} has no release to go back to: name a version`);
  }
  // What is there can be gone back to without a repository; only its commits are not known then.
  const channel = there.channel ?? request.channel ?? defaultChannel;
  const series = await appSeries(box.repository, app, channel, signal).catch(ifMissing);
  return { version: there.version, channel, there, artifact: undefined, series, refusal: undefined };
}

function ifMissing(error: unknown): undefined {
  const isHarmless = error instanceof ArtifactError && error.code !== 'cancelled' && error.code !== 'invalid';
  if (!isHarmless) throw error;
}

async function deployTarget(
  { repository }: PlanBox,
  { app, channel, version: asked }: DeploymentRequest,
  signal: AbortSignal,
): Promise<Target> {
  try {
    const series = await appSeries(repository, app, channel, signal);
    const version = await chosenVersion(repository, series, { version: asked, signal });
    const found = { version, channel: series.channel, there: undefined, series };
    try {
      const artifact = await head(repository, series, { version, signal });
      return { ...found, artifact, refusal: undefined };
    } catch (error) {
      if (!(error instanceof ArtifactError) || error.code !== 'refused') throw error;
      return { ...found, artifact: undefined, refusal: error.message };
    }
  } catch (error) {
    throw agentFailure(`${app} could not be looked up`, error);
  }
}
