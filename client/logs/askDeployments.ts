import type { Deployment } from '../../protocol/deployment.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { Fleet, FleetBox } from '../fleet/fleet.ts';

/** The deployments of a box, newest first; or why it could not be asked. */
export interface BoxDeployments {
  box: FleetBox;
  deployments: Deployment[];
  /** In words for a person. */
  fault: string | undefined;
}

/** A deployment with its box. */
export interface BoxDeployment {
  box: FleetBox;
  deployment: Deployment;
}

/** Asks boxes together. Each is told as it answers, and all are in the result unless the signal came first. */
export async function askDeployments(
  fleet: Fleet,
  boxes: readonly FleetBox[],
  { app, limit }: { app: string | undefined; limit: number },
  signal: AbortSignal,
  told: (one: BoxDeployments) => void = () => undefined,
): Promise<BoxDeployments[]> {
  const filter = { limit, ...(app === undefined ? {} : { app }) };
  const askOne = async (box: FleetBox): Promise<BoxDeployments> => {
    try {
      const agent = await fleet.agent(box);
      return { box, deployments: await agent.deployments(filter, signal), fault: undefined };
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      return { box, deployments: [], fault: error.message };
    }
  };
  const found: BoxDeployments[] = [];
  const asked = boxes.map(async (box) => {
    const one = await askOne(box);
    if (signal.aborted) return;
    found.push(one);
    told(one);
  });
  await Promise.all(asked).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return found;
}

/** All that was found: what runs first, then the newest. */
export function newestFirst(found: readonly BoxDeployments[]): BoxDeployment[] {
  const all = found.flatMap(({ box, deployments }) => deployments.map((deployment) => ({ box, deployment })));
  return all.sort(
    (one, other) =>
      Number(other.deployment.result === null) - Number(one.deployment.result === null) ||
      other.deployment.created - one.deployment.created,
  );
}
