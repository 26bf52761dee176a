import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { boxSecrets } from './boxSecrets.ts';
import { type FirstContact, firstContact } from './firstContact.ts';
import type { Fleet, FleetBox } from './fleet.ts';
import { trackWorkspaces } from './workspaceList.ts';

/** The boxes of the open workspaces. Nothing is asked of anybody before somebody wants to know. */
export function openFleet(client: LanguageClient, store: vscode.SecretStorage): Fleet {
  const workspaces = trackWorkspaces(client);
  const secrets = boxSecrets(store);
  const contact = firstContact(secrets);
  const states = new vscode.EventEmitter<FleetBox>();
  const agent = async (box: FleetBox, mayAsk: boolean): Promise<RemoteAgent> => {
    checkTrust(box);
    const token = await secrets.token(box);
    return openAgent(box, { ...(await certificateOf(contact, box, mayAsk)), ...tokenOf(token) });
  };
  return {
    workspaces: workspaces.current,
    boxes: () => boxesOf(workspaces.current()),
    load: async () => boxesOf(await workspaces.load()),
    onDidChangeBoxes: workspaces.onDidChange,
    agent: (box) => agent(box, true),
    state: () => undefined,
    onDidChangeState: states.event,
    secrets,
    dispose: () => vscode.Disposable.from(workspaces, secrets, states).dispose(),
  };
}

function boxesOf(workspaces: readonly WorkspaceInfo[]): FleetBox[] {
  return workspaces.flatMap((workspace) => workspace.boxes.map((box) => ({ ...box, workspace })));
}

/** What stands in a folder that nobody trusts must not lead anywhere, tokens least of all. */
function checkTrust({ name }: FleetBox): void {
  if (vscode.workspace.isTrusted) return;
  const text = vscode.l10n.t('this workspace is not trusted: no boxes are asked from it');
  throw new RemoteError(name, 'forbidden', text);
}

async function certificateOf(contact: FirstContact, box: FleetBox, mayAsk: boolean) {
  const fingerprint = await contact.expected(box, mayAsk);
  if (fingerprint === undefined) return {};
  return { fingerprint, onOther: (shown: string) => contact.refused(box, fingerprint, shown) };
}

function tokenOf(token: string | undefined) {
  return {
    tokenAdvice: vscode.l10n.t('run “Strata: Set Token…”'),
    ...(token === undefined ? {} : { token }),
  };
}
