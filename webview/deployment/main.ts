import type { DeploymentAnswer, DeploymentMessage, DeploymentView } from '../../protocol/deploymentView.ts';
import { element } from '../dom.ts';
import { followKeys } from './keys.ts';
import { type LogPart, logPart } from './log.ts';
import { boxToShow, renderDeployment, tick } from './render.ts';

/** What VS Code gives a page to speak to its extension with, and to find itself again by. */
declare function acquireVsCodeApi(): {
  postMessage(message: DeploymentAnswer): void;
  setState(state: { id: string }): void;
};

const vscode = acquireVsCodeApi();
const root = document.getElementById('map');
if (root !== null) startPage(root);

function startPage(root: HTMLElement): void {
  const top = element('div', { class: 'deployment' });
  const log: LogPart = logPart();
  root.append(top, log.element);
  let last: Extract<DeploymentMessage, { type: 'deployment' }> | undefined;
  let chosen: string | undefined;
  let shown: string | undefined;
  const select = (box: string) => {
    shown = box;
    vscode.postMessage({ type: 'select', box });
  };
  const draw = () => {
    if (last === undefined) return;
    const box = chosen ?? boxToShow(last.view);
    renderDeployment(top, last, box, {
      choose(one) {
        chosen = one;
        draw();
      },
      act: (action) => vscode.postMessage({ type: 'do', action }),
    });
    if (box !== undefined && box !== shown) select(box);
  };
  window.addEventListener('message', ({ data }: MessageEvent<DeploymentMessage>) => {
    if (data.type === 'log') return log.take(data, last?.texts);
    last = data;
    remember(data.view);
    draw();
  });
  followKeys(top);
  setInterval(() => tick(top), 1000);
  vscode.postMessage({ type: 'ready' });
}

function remember({ id }: DeploymentView): void {
  vscode.setState({ id });
}
