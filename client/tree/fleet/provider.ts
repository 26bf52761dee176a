import * as vscode from 'vscode';
import type { Fleet } from '../../fleet/fleet.ts';
import { treeItem } from './item.ts';
import { environmentNodes, type FleetNode, inEnvironment } from './node.ts';

/** The tree of boxes. It shows what the fleet knows, and asks nobody. */
export interface FleetTree extends vscode.TreeDataProvider<FleetNode>, vscode.Disposable {
  /** Shows all of it anew: times go by. */
  refresh(): void;
  getChildren(node?: FleetNode): FleetNode[];
  getTreeItem(node: FleetNode): vscode.TreeItem;
}

export function fleetTree(fleet: Fleet): FleetTree {
  const changed = new vscode.EventEmitter<undefined>();
  // Nodes are made anew whenever they are asked for: which of them is shown, only their ids tell.
  const refresh = () => changed.fire(undefined);
  const listening = [fleet.onDidChangeBoxes(refresh), fleet.onDidChangeState(inBursts(refresh))];
  return {
    onDidChangeTreeData: changed.event,
    refresh,
    getTreeItem: (node) =>
      treeItem(node, node.type === 'box' ? fleet.state(node.box) : undefined, Date.now()),
    getChildren: (node) => childrenOf(fleet, node),
    dispose: () => vscode.Disposable.from(changed, ...listening).dispose(),
  };
}

function childrenOf(fleet: Fleet, node: FleetNode | undefined): FleetNode[] {
  if (node === undefined) return vscode.workspace.isTrusted ? environmentNodes(fleet.boxes()) : [];
  if (node.type === 'environment') return inEnvironment(node);
  if (node.type === 'cluster') return node.boxes.map((box) => ({ type: 'box', box }));
  if (node.type === 'app') return [];
  const { box } = node;
  const apps = fleet.state(box)?.apps ?? [];
  return apps.map((status) => ({ type: 'app', box, status }));
}

/** What many boxes tell at once is shown once. */
function inBursts(show: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      show();
    }, 50);
  };
}
