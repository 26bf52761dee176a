import * as vscode from 'vscode';
import type { BoxInfo } from '../../protocol/workspaces.ts';
import { type ShownCertificate, shownCertificate } from '../../remote/certificate.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { BoxSecrets } from './boxSecrets.ts';

type Asked = Pick<BoxInfo, 'name' | 'url'>;

/** Whose certificates count. */
export interface FirstContact {
  /**
   * The fingerprint that a box has to show; `undefined` where it needs none: no TLS, or a CA stands for it. A certificate that nobody stands
   * for is shown to the person once. Throws a `RemoteError`.
   * @param mayAsk whether the person waits for it; without, `untrusted` in place of a question.
   */
  expected(box: Asked, mayAsk: boolean): Promise<string | undefined>;
  /** Says aloud that a box shows another certificate than was accepted. */
  refused(box: Asked, expected: string, shown: string): void;
}

export function firstContact(secrets: BoxSecrets): FirstContact {
  const vouched = new Set<string>();
  const asking = new Map<string, Promise<string>>();
  const told = new Set<string>();
  const ask = (box: Asked, shown: ShownCertificate): Promise<string> => {
    // Several commands that meet the same box ask once.
    const asked = asking.get(box.url) ?? accepted(secrets, box, shown).finally(() => asking.delete(box.url));
    asking.set(box.url, asked);
    return asked;
  };
  return {
    async expected(box, mayAsk) {
      if (!/^https:/i.test(box.url) || vouched.has(box.url)) return undefined;
      const known = await secrets.fingerprint(box);
      if (known !== undefined) return known;
      const shown = await shownCertificate(box, new AbortController().signal);
      if (shown.doubt === undefined) {
        vouched.add(box.url);
        return undefined;
      }
      if (!mayAsk) throw unknownCertificate(box, shown);
      return await ask(box, shown);
    },
    refused(box, expected, shown) {
      const key = JSON.stringify([box.url, shown]);
      if (told.has(key)) return;
      told.add(key);
      void tellRefused(box, expected, shown);
    },
  };
}

async function accepted(
  secrets: BoxSecrets,
  box: Asked,
  { fingerprint, doubt, ends }: ShownCertificate,
): Promise<string> {
  const accept = vscode.l10n.t('Accept Certificate');
  const lines = [
    vscode.l10n.t('SHA-256 fingerprint: {0}', fingerprint),
    vscode.l10n.t('Address: {0}', box.url),
    vscode.l10n.t('Good until: {0}', Number.isNaN(ends) ? '?' : new Date(ends).toLocaleDateString()),
    vscode.l10n.t('Nobody stands for it: {0}', doubt ?? ''),
    vscode.l10n.t('Compare the fingerprint with what “strata-agent init” printed on the box.'),
  ];
  const question = vscode.l10n.t('Is this the certificate of the box {0}?', box.name);
  const options = { modal: true, detail: lines.join('\n') };
  const chosen = await vscode.window.showWarningMessage(question, options, accept);
  if (chosen !== accept) throw unknownCertificate(box, { fingerprint });
  await secrets.setFingerprint(box, fingerprint);
  return fingerprint;
}

function unknownCertificate({ name }: Asked, { fingerprint }: Pick<ShownCertificate, 'fingerprint'>) {
  const text = vscode.l10n.t('nobody has accepted its certificate yet ({0})', fingerprint);
  return new RemoteError(name, 'untrusted', text);
}

async function tellRefused(box: Asked, expected: string, shown: string): Promise<void> {
  const forget = vscode.l10n.t('Forget Certificate…');
  const text = vscode.l10n.t(
    'The box {0} shows another certificate than the one that was accepted, and is not asked: somebody may be in between. Accepted: {1}. Shown: {2}.',
    box.name,
    expected,
    shown,
  );
  const chosen = await vscode.window.showErrorMessage(text, forget);
  if (chosen === forget) await vscode.commands.executeCommand('strata.forgetCertificate', box);
}
