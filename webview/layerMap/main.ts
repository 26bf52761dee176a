import type { LayerMapAnswer, LayerMapMessage } from '../../protocol/layerMapView.ts';
import { followKeys } from './keys.ts';
import { renderMap } from './render.ts';

/** What VS Code gives a page to speak to its extension with. */
declare function acquireVsCodeApi(): { postMessage(message: LayerMapAnswer): void };

const vscode = acquireVsCodeApi();
const root = document.getElementById('map');

window.addEventListener('message', ({ data }: MessageEvent<LayerMapMessage>) => {
  if (data.type === 'map' && root !== null) renderMap(root, data, (answer) => vscode.postMessage(answer));
});
if (root !== null) followKeys(root);
vscode.postMessage({ type: 'ready' });
