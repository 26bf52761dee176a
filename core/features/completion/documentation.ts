import type { Context } from '../../layers/context.ts';
import { publicDataApp } from '../../render/publicData.ts';
import { templateApp } from '../../templates/templateFiles.ts';
import { baseName } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import { contextsOf } from '../../workspace/workspace.ts';
import type { Layer } from '../../yaml/layer.ts';
import { explainSetting, foldExplanations, valueText } from '../explain.ts';
import { focusAmong, focusOn } from '../focus.ts';
import { code, shortened } from '../markdown.ts';
import { schemaText } from '../settingSchema.ts';
import { entryOf } from './known.ts';

/**
 * What there is to say of a setting that is offered: the comment above its key, what the app's schema says of it, and its
 * value in every environment.
 */
export function settingDocumentation(
  model: Model,
  file: string,
  path: readonly string[],
  chosen: Context | undefined,
): string {
  const app = publicDataApp(model, file) ?? templateApp(model, file);
  const focus =
    app === undefined
      ? focusOn(model, file, chosen)
      : focusAmong(model, contextsOf(model.workspace, app.name), chosen);
  if (focus === undefined) return '';
  const explained = focus.contexts.map((of) => explainSetting(model, of, path));
  const files = explained.flatMap(({ chain }) => chain.map((link) => link.file));
  const lines = foldExplanations(explained).map(({ labels, explanations: [first] }) => {
    const value = first?.value === undefined ? '*not set*' : code(shortened(valueText(first.value)));
    const from = first?.winner?.file ? ` (${baseName(first.winner.file)})` : '';
    return `- ${labels.join(', ')}: ${value}${from}`;
  });
  return [commentOf(model, new Set(files), path), schemaText(model, focus.app, path), lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The comment above the key in the lowest layer that has one. */
function commentOf(model: Model, files: ReadonlySet<string>, path: readonly string[]): string {
  for (const file of files) {
    const layer = file === '' ? undefined : model.layer(file);
    const entry = layer && entryOf(layer.root, path);
    const comment = layer && entry && !entry.inherited ? commentAbove(layer, entry.keyRange.start) : '';
    if (comment) return comment;
  }
  return '';
}

function commentAbove({ text }: Layer, offset: number): string {
  const above = text.slice(0, offset).split(/\r?\n/).slice(0, -1);
  const lines: string[] = [];
  for (let line = above.pop(); line !== undefined && /^\s*#/.test(line); line = above.pop()) {
    lines.unshift(line.replace(/^\s*#+ ?/, '').trimEnd());
  }
  return lines.join('\n').trim();
}
