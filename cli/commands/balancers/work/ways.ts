import type { Box } from '../../../../core/workspace/boxSettings.ts';
import type { Balancer } from '../../../../remote/balancer/balancer.ts';
import { openBalancers } from '../../../../remote/balancer/balancersOf.ts';
import { UsageError } from '../../../failure.ts';
import { openWorkspace } from '../../../workspace.ts';
import type { BoxOptions } from '../../boxes/options.ts';
import { chosenBoxes } from '../../boxes/work/chosen.ts';

/** A way in which requests for an app get to a box. */
export interface Way {
  box: string;
  app: string;
  balancer: Balancer;
}

/** The ways to the boxes that are meant, in the order of the manifest. What names none is a mistake of the call. */
export function chosenWays(names: readonly string[], options: BoxOptions): Way[] {
  const boxes = chosenBoxes(names, options);
  const { workspace } = openWorkspace(options.directory);
  const { balancers = [], root, apps } = workspace;
  const ways = boxes.flatMap((box) =>
    appsOn(box, apps, options.app).flatMap((app) =>
      openBalancers(balancers, box, app, root).map((balancer) => ({ box: box.name, app, balancer })),
    ),
  );
  if (ways.length > 0) return ways;
  const where = workspace.manifest ?? `a manifest, ${root}/strata.yaml`;
  throw new UsageError(`no balancer is before these boxes: name them under \`balancers\` in ${where}`);
}

function appsOn(box: Box, apps: readonly { name: string }[], only: string | undefined): string[] {
  if (only !== undefined) return [only];
  return apps.map(({ name }) => name).filter((name) => box.apps?.includes(name) ?? true);
}
