import { isLayerFile } from '../layers/layerFiles.ts';
import { templateApp } from '../templates/templateFiles.ts';
import type { Model } from '../workspace/model.ts';
import { parseTree } from '../yaml/parse.ts';
import type { LayerNode } from '../yaml/tree.ts';

/** A file's text with its tree. */
export interface Yaml {
  text: string;
  root: LayerNode | undefined;
}

/** The text of any file of a workspace with its tree: a layer, the manifest, a list of public settings. A template has none. */
export function yamlOf(model: Model, file: string): Yaml | undefined {
  if (isLayerFile(model, file)) return model.layer(file);
  const content = model.read(file);
  if (content === undefined || 'error' in content) return undefined;
  if (templateApp(model, file) !== undefined) return { text: content.text, root: undefined };
  const { root } = parseTree(file, content.text, model.workspace.yaml, { dottedKeys: false });
  return { text: content.text, root };
}
