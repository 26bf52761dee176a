import * as vscode from 'vscode';
import type { Balancer } from '../../remote/balancer/balancer.ts';
import { openBalancers } from '../../remote/balancer/balancersOf.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import type { FleetBox } from '../fleet/fleet.ts';
import type { Deployments } from './deployments.ts';

/** The balancers that manifests name before boxes, for an app. */
export function balancersOf(boxes: readonly FleetBox[], app: string): Map<string, Balancer[]> {
  return new Map(
    boxes.map((box) => {
      const { balancers, root } = box.workspace;
      // The local agent's box is behind nothing.
      const known = box.isLocal ? [] : balancers;
      return [box.name, openBalancers(known, box, app, vscode.Uri.parse(root).fsPath)];
    }),
  );
}

/** The deployments that nobody runs, here or elsewhere. */
export function restingRollouts({ list, isFollowed, isElsewhere }: Deployments): Rollout[] {
  return list().filter(({ id }) => !isFollowed(id) && !isElsewhere(id));
}
