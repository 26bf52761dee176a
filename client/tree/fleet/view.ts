import * as vscode from 'vscode';
import type { Fleet } from '../../fleet/fleet.ts';
import type { FleetNode } from './node.ts';
import { type FleetTree, fleetTree } from './provider.ts';

/** The view of boxes and what runs on them. */
export interface FleetView extends vscode.Disposable {
  tree: FleetTree;
  view: vscode.TreeView<FleetNode>;
}

/** How often times are shown anew, in milliseconds. */
const ageMs = 30_000;

export function showFleet(fleet: Fleet): FleetView {
  const tree = fleetTree(fleet);
  const view = vscode.window.createTreeView('strata.fleet', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const tellBoxes = () =>
    vscode.commands.executeCommand('setContext', 'strata.hasBoxes', fleet.boxes().length > 0);
  const looking = lookWhileVisible(view, fleet, tree);
  const parts = [
    tree,
    view,
    fleet.onDidChangeBoxes(tellBoxes),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.refresh()),
    looking,
  ];
  return { tree, view, dispose: () => vscode.Disposable.from(...parts).dispose() };
}

/** Boxes are followed while somebody sees them, and not longer. */
function lookWhileVisible(
  view: vscode.TreeView<FleetNode>,
  fleet: Fleet,
  tree: FleetTree,
): vscode.Disposable {
  let looking: vscode.Disposable | undefined;
  const stop = () => {
    looking?.dispose();
    looking = undefined;
  };
  const update = () => {
    stop();
    if (!view.visible) return;
    const timer = setInterval(() => tree.refresh(), ageMs);
    looking = vscode.Disposable.from(fleet.follow(), new vscode.Disposable(() => clearInterval(timer)));
  };
  update();
  return vscode.Disposable.from(view.onDidChangeVisibility(update), new vscode.Disposable(stop));
}
