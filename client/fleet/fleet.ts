import type * as vscode from 'vscode';
import type { AppStatus } from '../../protocol/appStatus.ts';
import type { BoxInfo, WorkspaceInfo } from '../../protocol/workspaces.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import type { BoxSecrets } from './boxSecrets.ts';

/** A box with the workspace whose manifest names it. */
export interface FleetBox extends BoxInfo {
  workspace: WorkspaceInfo;
}

/** What is known of a box: its apps, or why it cannot be asked. */
export interface BoxState {
  /** `undefined` until it has answered once. */
  apps: AppStatus[] | undefined;
  /** In words for a person; `undefined` while it can be reached. */
  fault: string | undefined;
  /** When this was so, in milliseconds since 1970. */
  time: number;
}

/** The boxes of the open workspaces, and their agents. */
export interface Fleet extends vscode.Disposable {
  workspaces(): readonly WorkspaceInfo[];
  /** In the order of the manifests. */
  boxes(): readonly FleetBox[];
  /** The same, once the language server has told of them. */
  load(): Promise<readonly FleetBox[]>;
  /** Manifests say something else. */
  readonly onDidChangeBoxes: vscode.Event<void>;
  /**
   * The agent of a box, with its token and the certificate that a person has accepted. A box that shows a certificate nobody stands for is
   * asked about once, on first contact; one that shows another than was accepted is refused. Throws `RemoteError`: `untrusted` where the
   * person does not accept, `unreachable` where there is no certificate to be seen yet, `forbidden` in a workspace that nobody trusts.
   */
  agent(box: FleetBox): Promise<RemoteAgent>;
  /** What is known of a box; followed for as long as somebody looks. */
  state(box: FleetBox): BoxState | undefined;
  /** Something else is known of a box. */
  readonly onDidChangeState: vscode.Event<FleetBox>;
  /** Tokens, and certificates that were accepted. */
  readonly secrets: BoxSecrets;
}
