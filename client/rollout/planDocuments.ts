import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../protocol/workspaces.ts';
import { fileCandidates } from './fileCandidates.ts';
import { placeInLine } from './planDocument.ts';

const scheme = 'strata-plan';

/** Documents of plans. */
export interface PlanDocuments extends vscode.Disposable {
  /** Shows plans; their layers are links into the workspace. */
  show(text: string, of: { app: string; environment: string; workspace: WorkspaceInfo }): Promise<vscode.Uri>;
}

interface Shown {
  text: string;
  app: string;
  workspace: WorkspaceInfo;
}

export function planDocuments(): PlanDocuments {
  const shown = new Map<string, Shown>();
  let count = 0;
  const parts = [
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) =>
        shown.get(uri.toString())?.text ??
        `${vscode.l10n.t('This plan is gone: what it said may no longer be true.')}\n`,
    }),
    vscode.languages.registerDocumentLinkProvider(
      { scheme },
      { provideDocumentLinks: (document) => linksOf(document, shown.get(document.uri.toString())) },
    ),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => shown.delete(uri.toString())),
  ];
  return {
    async show(text, { app, environment, workspace }) {
      const path = `/${vscode.l10n.t('Plan of {0} in {1}', app, environment)}.md`;
      const uri = vscode.Uri.from({ scheme, path, query: `${++count}` });
      shown.set(uri.toString(), { text, app, workspace });
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.languages.setTextDocumentLanguage(document, 'markdown').then(undefined, () => undefined);
      await vscode.window.showTextDocument(document, { preview: true });
      return uri;
    },
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}

async function linksOf(document: vscode.TextDocument, of: Shown | undefined): Promise<vscode.DocumentLink[]> {
  if (of === undefined) return [];
  const links = Array.from({ length: document.lineCount }, (_, line) =>
    linkOf(document.lineAt(line).text, line, of),
  );
  return (await Promise.all(links)).flat();
}

async function linkOf(text: string, at: number, { app, workspace }: Shown): Promise<vscode.DocumentLink[]> {
  const place = placeInLine(text);
  if (place === undefined) return [];
  const uris = fileCandidates(workspace, app, place.file).map((one) => vscode.Uri.parse(one));
  const there = await Promise.all(uris.map(isThere));
  const uri = uris.find((_, index) => there[index]);
  if (uri === undefined) return [];
  const range = new vscode.Range(at, place.start, at, place.end);
  const target = uri.with({ fragment: `L${place.line + 1},${place.character + 1}` });
  const link = new vscode.DocumentLink(range, target);
  link.tooltip = vscode.l10n.t('Open Layer');
  return [link];
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
