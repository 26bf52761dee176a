import * as vscode from 'vscode';
import {
  type DeploymentAction,
  type DeploymentMessage,
  type DeploymentView,
  isDeploymentAnswer,
} from '../../protocol/deploymentView.ts';
import { pageHtml } from '../layerMap/page.ts';
import type { Deployments } from './deployments.ts';
import { columnsOf, possible, rowsOf, viewState, type Watched } from './rows.ts';
import { newStory } from './story.ts';
import { pageTexts, summaryOf, titleOf } from './words.ts';

/** What a panel of a deployment works with. */
export interface PanelParts {
  extension: vscode.Uri;
  deployments: Deployments;
  /** A person wants something done with a deployment. */
  act(id: string, action: DeploymentAction): void;
  /** Asks a box for what it told before somebody listened; a text says why it cannot. */
  history(id: string, box: string): Promise<string | undefined>;
}

export const panelType = 'strata.deployment';

/** So long changes are gathered before they are shown, in milliseconds: a log may have thousands of lines a second. */
const everyMs = 80;

/** Makes an empty panel. */
export function newPanel(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(panelType, 'Strata', vscode.ViewColumn.Active, {
    enableScripts: true,
    retainContextWhenHidden: false,
  });
}

/** Shows a deployment in a panel, as it goes on. */
export function fillPanel(panel: vscode.WebviewPanel, id: string, parts: PanelParts): void {
  const { extension, deployments } = parts;
  const { webview } = panel;
  const dist = ['dist', 'media'].map((name) => vscode.Uri.joinPath(extension, name));
  webview.options = { enableScripts: true, localResourceRoots: dist };
  panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'icon.png');
  const post = (message: DeploymentMessage) => void webview.postMessage(message);
  const log = logSender(id, parts, post);
  let shown = '';
  const show = () => {
    const watched = deployments.watched(id);
    if (watched === undefined) return;
    panel.title = titleOf(watched.rollout);
    const view = viewOf(watched);
    // Most of what is told are lines of logs, for which the table need not be drawn anew.
    const text = JSON.stringify(view);
    if (text !== shown) post({ type: 'deployment', view, texts: pageTexts() });
    shown = text;
    log.more();
  };
  const { soon, dispose } = gathered(show);
  const listening = [
    deployments.onDidChange((changed) => {
      if (changed === id) soon();
    }),
    webview.onDidReceiveMessage((answer: unknown) => {
      if (!isDeploymentAnswer(answer)) return;
      if (answer.type === 'do') return parts.act(id, answer.action);
      if (answer.type === 'select') return log.select(answer.box);
      // A page that is there anew has nothing.
      shown = '';
      show();
      log.again();
    }),
  ];
  panel.onDidDispose(() => {
    dispose();
    vscode.Disposable.from(...listening).dispose();
  });
  const watched = deployments.watched(id);
  panel.title = watched === undefined ? 'Strata' : titleOf(watched.rollout);
  webview.html = pageHtml(webview, extension, 'deployment', panel.title);
  loadStories(id, parts);
}

/** Asks boxes for what they told while nobody listened here: of that it is known how far they came. */
export function loadStories(id: string, { deployments, history }: PanelParts): void {
  for (const { box } of deployments.watched(id)?.rollout.boxes ?? []) void history(id, box);
}

/** Calls something a little later, once for all that asks for it meanwhile. */
function gathered(work: () => void): { soon(): void; dispose(): void } {
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    timer = undefined;
    work();
  };
  return {
    soon() {
      timer ??= setTimeout(run, everyMs);
    },
    dispose: () => clearTimeout(timer),
  };
}

function viewOf(watched: Watched): DeploymentView {
  const { rollout } = watched;
  return {
    ...{ id: rollout.id, title: titleOf(rollout), summary: summaryOf(rollout) },
    ...{
      state: viewState(watched),
      columns: columnsOf(watched),
      rows: rowsOf(watched),
      can: possible(watched),
    },
  };
}

interface LogSender {
  select(box: string): void;
  /** Sends what came since. */
  more(): void;
  /** Sends all of it once more. */
  again(): void;
}

/** Sends the log of the box that is looked at. */
function logSender(id: string, parts: PanelParts, post: (message: DeploymentMessage) => void): LogSender {
  let selected: string | undefined;
  let [first, last, failing]: [number, number, number | null] = [0, 0, null];
  const notes = new Map<string, string>();
  const send = (isWhole: boolean) => {
    if (selected === undefined) return;
    const story = parts.deployments.watched(id)?.stories.get(selected) ?? newStory();
    // A beginning that came later needs all of it again.
    const isMore = !isWhole && story.first === first;
    const lines = isMore ? story.lines.filter(({ seq }) => seq > last) : story.lines;
    if (isMore && lines.length === 0 && story.failing === failing) return;
    [first, last, failing] = [story.first, story.last, story.failing];
    const note = notes.get(selected) ?? null;
    post({ type: 'log', box: selected, lines, isMore, failing, note });
  };
  return {
    select(box) {
      selected = box;
      send(true);
      void parts.history(id, box).then((note) => {
        if (note !== undefined) notes.set(box, note);
        if (note !== undefined && box === selected) send(true);
      });
    },
    more: () => send(false),
    again: () => send(true),
  };
}
