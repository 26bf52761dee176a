import type * as vscode from 'vscode';
import type { BoxInfo, WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { Health } from '../../remote/boxHealth.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import type { BoxSecrets } from './boxSecrets.ts';
import type { BoxState } from './followBox.ts';

/** A box with the workspace whose manifest names it. */
export interface FleetBox extends BoxInfo {
  workspace: WorkspaceInfo;
  /** No manifest names it: it is the local agent's. */
  isLocal?: true;
}

/** The boxes of the open workspaces, and their agents. */
export interface Fleet extends vscode.Disposable {
  workspaces(): readonly WorkspaceInfo[];
  /** In the order of the manifests; behind those of each, the ones that were added to its workspace. */
  boxes(): readonly FleetBox[];
  /** The same, once the language server has told of them. */
  load(): Promise<readonly FleetBox[]>;
  /** Adds a box that no manifest names to the workspace of a folder (an address); what comes back takes it away again. */
  add(root: string, box: BoxInfo): vscode.Disposable;
  /** Manifests say something else, or boxes were added or taken away. */
  readonly onDidChangeBoxes: vscode.Event<void>;
  /**
   * The agent of a box, with its token and the certificate that a person has accepted. A box that shows a certificate nobody stands for is
   * asked about once, on first contact; one that shows another than was accepted is refused. Throws `RemoteError`: `untrusted` where the
   * person does not accept, `unreachable` where there is no certificate to be seen yet, `forbidden` in a workspace that nobody trusts.
   */
  agent(box: FleetBox): Promise<RemoteAgent>;
  /** How a box is; asks about its certificate likewise. Never throws: what goes wrong is a fault of the box. */
  health(box: FleetBox, signal: AbortSignal): Promise<Health>;
  /** Lets boxes be followed, for as long as somebody looks: until what comes back is disposed of. */
  follow(): vscode.Disposable;
  /** What is known of a box, when it was last followed. */
  state(box: FleetBox): BoxState | undefined;
  /** Something else is known of a box. */
  readonly onDidChangeState: vscode.Event<FleetBox>;
  /** Asks all boxes anew that are followed. */
  retry(): void;
  /** Tokens, and certificates that were accepted. */
  readonly secrets: BoxSecrets;
}
