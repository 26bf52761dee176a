import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { healthOf, unknownHealth } from '../../remote/boxHealth.ts';
import type { Credentials } from '../../remote/credentials.ts';
import { RemoteError } from '../../remote/failure.ts';
import { openAgent } from '../../remote/openAgent.ts';
import type { LanguageServer } from '../languageServer.ts';
import { type AddedBoxes, addedBoxes } from './addedBoxes.ts';
import { type BoxSecrets, boxSecrets } from './boxSecrets.ts';
import { boxStates } from './boxStates.ts';
import { type FirstContact, firstContact } from './firstContact.ts';
import type { Fleet, FleetBox } from './fleet.ts';
import { trackWorkspaces } from './workspaceList.ts';

/** How long is waited for the health of a box, in milliseconds. */
const healthMs = 10_000;

/** The boxes of the open workspaces. Nothing is asked of anybody before somebody wants to know. */
export function openFleet(server: LanguageServer, store: vscode.SecretStorage): Fleet {
  const workspaces = trackWorkspaces(server);
  const added = addedBoxes();
  const boxesChanged = new vscode.EventEmitter<void>();
  const secrets = boxSecrets(store);
  const contact = firstContact(secrets);
  const boxes = () => boxesOf(workspaces.current(), added);
  const credentials = (box: FleetBox, mayAsk: boolean) => credentialsOf({ secrets, contact }, box, mayAsk);
  const states = boxStates(boxes, async (box) => openAgent(box, await credentials(box, false)));
  const listening = [
    ...[workspaces, added].map((one) => one.onDidChange(() => boxesChanged.fire())),
    boxesChanged.event(() => states.boxesChanged()),
    secrets.onDidChange((change) => states.retry((box) => secrets.isAbout(box, change))),
    vscode.workspace.onDidGrantWorkspaceTrust(() => states.retry(() => true)),
  ];
  return {
    workspaces: workspaces.current,
    boxes,
    load: async () => boxesOf(await workspaces.load(), added),
    add: added.add,
    onDidChangeBoxes: boxesChanged.event,
    agent: async (box) => openAgent(box, await credentials(box, true)),
    async health(box, signal) {
      try {
        return await healthOf(box, await credentials(box, true), { timeoutMs: healthMs, signal });
      } catch (error) {
        return unknownHealth(box, error instanceof Error ? error.message : String(error));
      }
    },
    follow: states.follow,
    state: states.state,
    onDidChangeState: states.onDidChange,
    retry: () => states.retry(() => true),
    secrets,
    dispose: () =>
      vscode.Disposable.from(...listening, states, workspaces, added, boxesChanged, secrets).dispose(),
  };
}

function boxesOf(workspaces: readonly WorkspaceInfo[], added: AddedBoxes): FleetBox[] {
  return workspaces.flatMap((workspace) => [
    ...workspace.boxes.map((box) => ({ ...box, workspace })),
    ...added.boxesOf(workspace),
  ]);
}

async function credentialsOf(
  { secrets, contact }: { secrets: BoxSecrets; contact: FirstContact },
  box: FleetBox,
  mayAsk: boolean,
): Promise<Credentials> {
  checkTrust(box);
  const token = await secrets.token(box);
  const fingerprint = await contact.expected(box, mayAsk);
  const tokenAdvice = vscode.l10n.t('run “Strata: Set Token…”');
  const own = { tokenAdvice, ...(token === undefined ? {} : { token }) };
  if (fingerprint === undefined) return own;
  return { ...own, fingerprint, onOther: (shown) => contact.refused(box, fingerprint, shown) };
}

/** What stands in a folder that nobody trusts must not lead anywhere, tokens least of all. */
function checkTrust({ name }: FleetBox): void {
  if (vscode.workspace.isTrusted) return;
  const text = vscode.l10n.t('this workspace is not trusted: no boxes are asked from it');
  throw new RemoteError(name, 'forbidden', text);
}
