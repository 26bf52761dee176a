import type { DeploymentRequest } from '../../protocol/deployment.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { RemoteError } from '../failure.ts';
import type { RemoteAgent } from '../remoteAgent.ts';

/** Where a box stands by the manifest; a cluster that is left out is not looked at, `null` is none. */
export interface ManifestPlace {
  environment: string;
  cluster?: string | null | undefined;
}

/**
 * Why a box may not be deployed to: its agent is in another environment or cluster than the manifest says, and would configure the app
 * for that. Nothing where all is well, and where an older agent does not tell.
 */
export function misplaced(ours: ManifestPlace, { place }: Pick<Plan, 'place'>): string | undefined {
  if (place === undefined) return undefined;
  const { environment, cluster } = place;
  const isRight =
    environment === ours.environment && (ours.cluster === undefined || cluster === ours.cluster);
  if (isRight) return undefined;
  const told = ours.cluster === undefined && environment !== ours.environment ? null : cluster;
  return `its agent is in ${placeText(environment, told)}, and the manifest says ${placeText(ours.environment, ours.cluster)}: one of them is wrong`;
}

function placeText(environment: string, cluster: string | null | undefined): string {
  return cluster === null || cluster === undefined ? environment : `${environment}/${cluster}`;
}

/** The plan of a box; one whose agent is elsewhere than the manifest says is `refused`. Throws as {@link RemoteAgent.plan} does. */
export async function planInPlace(
  agent: RemoteAgent,
  request: DeploymentRequest,
  ours: ManifestPlace,
  signal: AbortSignal,
): Promise<Plan> {
  const plan = await agent.plan(request, signal);
  const fault = misplaced(ours, plan);
  if (fault !== undefined) throw new RemoteError(agent.box, 'refused', fault);
  return plan;
}
