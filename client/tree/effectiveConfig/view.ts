import * as vscode from 'vscode';
import type { ActiveContext } from '../../activeContext.ts';
import type { LanguageRequests } from '../../languageRequests.ts';
import type { LayerChanges } from '../../layerChanges.ts';
import { isFiltering, type SettingFilter } from './filter.ts';
import type { EffectiveNode } from './node.ts';
import { type EffectiveConfigTree, effectiveConfigTree } from './provider.ts';

/** The view of effective configurations. */
export interface EffectiveConfigView extends vscode.Disposable {
  tree: EffectiveConfigTree;
  view: vscode.TreeView<EffectiveNode>;
  setFilter(filter: SettingFilter): void;
}

const viewId = 'strata.effectiveConfig';

export function showEffectiveConfig(
  layers: LayerChanges,
  requests: LanguageRequests,
  context: ActiveContext,
): EffectiveConfigView {
  const tree = effectiveConfigTree(requests, context);
  const view = vscode.window.createTreeView(viewId, { treeDataProvider: tree, showCollapseAll: true });
  const setFilter = (filter: SettingFilter) => {
    tree.setFilter(filter);
    view.message = filterText(filter) ?? '';
    void vscode.commands.executeCommand('setContext', 'strata.effectiveConfig.filtered', isFiltering(filter));
  };
  const parts = [
    tree,
    view,
    context.onDidChange(({ contexts }) => {
      void vscode.commands.executeCommand('setContext', 'strata.hasContexts', contexts.length > 0);
      tree.refresh();
    }),
    layers.onDidChange(() => tree.refresh()),
    followEditor(view, tree, requests, context),
  ];
  return { tree, view, setFilter, dispose: () => vscode.Disposable.from(...parts).dispose() };
}

/** What a filter shows, in words; nothing where it shows all. */
function filterText({ text = '', differsFrom, layer }: SettingFilter): string | undefined {
  const texts = [
    text.trim() === '' ? [] : [vscode.l10n.t('Settings with “{0}”', text.trim())],
    differsFrom === undefined
      ? []
      : [vscode.l10n.t('Not the same as in {0} · {1}', differsFrom.app, differsFrom.label)],
    layer === undefined ? [] : [vscode.l10n.t('Given by {0}', layer.file)],
  ].flat();
  return texts.length === 0 ? undefined : texts.join(' · ');
}

/** Shows the setting at the cursor in the tree, as long as people can see the tree and do not work in it. */
function followEditor(
  view: vscode.TreeView<EffectiveNode>,
  tree: EffectiveConfigTree,
  requests: LanguageRequests,
  context: ActiveContext,
): vscode.Disposable {
  let asking: vscode.CancellationTokenSource | undefined;
  return vscode.window.onDidChangeTextEditorSelection(async ({ textEditor, selections }) => {
    asking?.cancel();
    const { active } = context.current();
    const [selection] = selections;
    if (!view.visible || active === null || selection === undefined) return;
    asking = new vscode.CancellationTokenSource();
    const { token } = asking;
    const uri = textEditor.document.uri.toString();
    const at = { textDocument: { uri }, position: selection.active };
    const found = await requests.explain(at, token).catch(() => undefined);
    const of = found?.contexts[found.active]?.context;
    if (found === undefined || of === undefined || token.isCancellationRequested) return;
    const node = await tree.find(of, found.setting);
    if (node === undefined || token.isCancellationRequested) return;
    // The tree may have changed under it: the next move of the cursor shows it again.
    await view.reveal(node, { select: true, focus: false }).then(undefined, () => undefined);
  });
}
