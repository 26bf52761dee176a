import { builtInSlot } from '../layers/builtIn.ts';
import { type Context, contextLabel } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import type { StackLayer } from '../merge/setting.ts';
import { configurationYaml } from '../render/yaml.ts';
import { relativePath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';

/**
 * The whole effective configuration of a context as YAML, with the file and line that each value comes from as a
 * comment behind it. What is wrong with the layers does not keep it from being shown: a placeholder that nobody
 * gives stands there as such, and a value that was refused does not count.
 */
export function effectiveDocument(
  model: Model,
  of: Context,
  stack: readonly StackLayer[] = model.stack(of),
): string {
  const { root } = mergeStack(stack, model.workspace.merge);
  const text = configurationYaml(root, (node, layer) => {
    const one = stack[layer];
    if (one === undefined || one.slot === builtInSlot) return `(${builtInSlot})`;
    const { line } = one.layer.lines.position(node.range.start);
    return `${relativePath(model.workspace.root, one.file)}:${line + 1}`;
  });
  return `# ${of.app} in ${contextLabel(of)}: what its layers give together\n${text}`;
}
