import type { AppStatus } from '../../../protocol/appStatus.ts';
import { boxId } from '../../fleet/boxId.ts';
import type { FleetBox } from '../../fleet/fleet.ts';

/** What the tree of boxes shows: environments, in them clusters and boxes, in those apps. */
export type FleetNode = EnvironmentNode | ClusterNode | BoxNode | AppNode;

export interface EnvironmentNode {
  type: 'environment';
  /** The root of the workspace. */
  root: string;
  environment: string;
  isProtected: boolean;
  /** The name of the workspace, where several have boxes. */
  workspace: string | undefined;
  boxes: readonly FleetBox[];
}

export interface ClusterNode {
  type: 'cluster';
  root: string;
  environment: string;
  cluster: string;
  boxes: readonly FleetBox[];
}

export interface BoxNode {
  type: 'box';
  box: FleetBox;
}

export interface AppNode {
  type: 'app';
  box: FleetBox;
  status: AppStatus;
}

/** The environments that have boxes, in the order of the manifest; those that it does not know come last. */
export function environmentNodes(boxes: readonly FleetBox[]): EnvironmentNode[] {
  const roots = [...new Set(boxes.map(({ workspace }) => workspace.root))];
  return roots.flatMap((root) => {
    const own = boxes.filter(({ workspace }) => workspace.root === root);
    const known = own[0]?.workspace.environments ?? [];
    const names = inOrder(
      own.map(({ environment }) => environment),
      known.map(({ name }) => name),
    );
    return names.map((environment) => ({
      type: 'environment',
      ...{ root, environment },
      isProtected: known.find(({ name }) => name === environment)?.isProtected ?? false,
      workspace: roots.length > 1 ? folderName(root) : undefined,
      boxes: own.filter((box) => box.environment === environment),
    }));
  });
}

/** What is in an environment: boxes without a cluster, then the clusters. */
export function inEnvironment({ root, environment, boxes }: EnvironmentNode): FleetNode[] {
  const loose = boxes
    .filter(({ cluster }) => cluster === null)
    .map((box): FleetNode => ({ type: 'box', box }));
  const known = boxes[0]?.workspace.environments.find(({ name }) => name === environment)?.clusters ?? [];
  const names = inOrder(
    boxes.flatMap(({ cluster }) => cluster ?? []),
    known,
  );
  const clusters = names.map((cluster): FleetNode => {
    const own = boxes.filter((box) => box.cluster === cluster);
    return { type: 'cluster', root, environment, cluster, boxes: own };
  });
  return [...loose, ...clusters];
}

/** Names a node, for as long as the workspace has it. */
export function nodeId(node: FleetNode): string {
  if (node.type === 'environment') return JSON.stringify(['environment', node.root, node.environment]);
  if (node.type === 'cluster') {
    return JSON.stringify(['cluster', node.root, node.environment, node.cluster]);
  }
  return node.type === 'box' ? boxId(node.box) : JSON.stringify([boxId(node.box), node.status.app]);
}

/** Names, each once, those that are known in the order in which they are. */
function inOrder(names: readonly string[], known: readonly string[]): string[] {
  const there = new Set(names);
  return [...new Set([...known.filter((name) => there.has(name)), ...there])];
}

function folderName(root: string): string {
  return decodeURIComponent(root.split('/').findLast((part) => part !== '') ?? root);
}
