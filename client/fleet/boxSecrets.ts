import * as vscode from 'vscode';
import type { BoxInfo } from '../../protocol/workspaces.ts';

/** A box as it is asked: a token for one address is never sent to another. */
type Asked = Pick<BoxInfo, 'name' | 'url'>;

/** What is kept of boxes in the editor's store of secrets. */
export interface BoxSecrets extends vscode.Disposable {
  token(box: Asked): Promise<string | undefined>;
  /** Nothing takes it away. */
  setToken(box: Asked, token: string | undefined): Promise<void>;
  /** The fingerprint of the certificate that a person has accepted. */
  fingerprint(box: Asked): Promise<string | undefined>;
  /** Nothing forgets it. */
  setFingerprint(box: Asked, fingerprint: string | undefined): Promise<void>;
  /** Another token or certificate counts for some box, whichever window it was chosen in; told with what {@link isAbout} knows. */
  readonly onDidChange: vscode.Event<string>;
  /** Whether a change is about a box. */
  isAbout(box: Asked, change: string): boolean;
}

export function boxSecrets(store: vscode.SecretStorage): BoxSecrets {
  const changed = new vscode.EventEmitter<string>();
  const listening = store.onDidChange(({ key }) => changed.fire(key));
  const set = async (key: string, value: string | undefined) =>
    await (value === undefined ? store.delete(key) : store.store(key, value));
  return {
    token: async (box) => await store.get(tokenKey(box)),
    setToken: (box, token) => set(tokenKey(box), token),
    fingerprint: async (box) => await store.get(certificateKey(box)),
    setFingerprint: (box, fingerprint) => set(certificateKey(box), fingerprint),
    onDidChange: changed.event,
    isAbout: (box, key) => key === tokenKey(box) || key === certificateKey(box),
    dispose() {
      listening.dispose();
      changed.dispose();
    },
  };
}

function tokenKey({ name, url }: Asked): string {
  return `token ${name} ${url}`;
}

/** A certificate is that of an address, whatever the box there is called. */
function certificateKey({ url }: Asked): string {
  return `certificate ${url}`;
}
