import { schemaOfApp } from '../../schema/appSchema.ts';
import type { CompiledSchema } from '../../schema/compile.ts';
import { partsAt, propertiesAt } from '../../schema/parts.ts';
import { nearestName } from '../../text/names.ts';
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { keyParts } from '../../yaml/entries.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import type { Action, ActionRequest, ShownProblem } from './action.ts';
import { isWrittenHere } from './convertType.ts';
import { inFile, type SettingHere, settingOf } from './place.ts';
import { mending } from './schemaGuard.ts';
import { allowedTexts } from './schemaValues.ts';
import { renamedHere } from './typo.ts';

/** Mends what an app's schema does not allow: a value by one that it allows, a key by the one that is meant. */
export function schemaActions({ model, file, problems }: ActionRequest): Action[] {
  return problems.flatMap((fixes) => {
    const at = fixes.code === 'schema' ? settingOf(model, file, fixes.range.start) : undefined;
    if (at === undefined) return [];
    const found = schemasFor(model, file).flatMap((schema) =>
      isSame(fixes.range, at.keyRange)
        ? keyActions(model, schema, fixes, at)
        : valueActions(model, schema, fixes, at),
    );
    return [...new Map(found.map((one) => [one.title, one])).values()];
  });
}

function schemasFor(model: Model, file: string): CompiledSchema[] {
  const apps = new Set(model.readers(file).map(({ app }) => app));
  return [...apps].flatMap((app) => schemaOfApp(model, app) ?? []);
}

function isSame(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}

function keyActions(
  model: Model,
  { root }: CompiledSchema,
  fixes: ShownProblem,
  { path, layer }: SettingHere,
): Action[] {
  const [above, key = ''] = [path.slice(0, -1), path.at(-1)];
  const known = root === undefined ? [] : [...propertiesAt(root, above).keys()];
  const isUnknown = root !== undefined && isClosed(root, above) && !known.includes(key);
  const meant = isUnknown ? nearestName(key, known) : undefined;
  if (meant === undefined) return [];
  const { file } = layer;
  const change = () => mending(model, file, renamedHere(model, file, path, meant), [path, [...above, meant]]);
  return [{ title: `Change to \`${meant}\``, kind: 'quickfix', preferred: true, fixes, change }];
}

/** Whether a schema allows the keys that it names, and no others. */
function isClosed(root: LayerNode, path: readonly string[]): boolean {
  return partsAt(root, path).some(({ node }) =>
    ['additionalProperties', 'unevaluatedProperties'].some((keyword) => {
      const value = node.kind === 'mapping' ? node.entries.get(keyword)?.value : undefined;
      return value?.kind === 'boolean' && !value.value;
    }),
  );
}

function valueActions(
  model: Model,
  schema: CompiledSchema,
  fixes: ShownProblem,
  setting: SettingHere,
): Action[] {
  const value = nodeAt(setting.value, fixes.range);
  const at = value && { ...setting, value };
  if (at === undefined || !isWrittenHere(at)) return [];
  const { file } = at.layer;
  const isWhole = fixes.setting === undefined || fixes.setting === at.path.join('.');
  const path = isWhole ? at.path : keyParts(fixes.setting ?? '');
  return allowedTexts(model, schema, path, at).map(({ text, title, preferred }): Action => {
    const edits = inFile(file, [{ range: at.value.range, text }]);
    const change = () => mending(model, file, { edits }, [at.path]);
    return { title, kind: 'quickfix', fixes, change, ...(preferred ? { preferred } : {}) };
  });
}

/** The value with that place: the setting's own, or what stands in a list. */
function nodeAt(node: LayerNode, range: Range): LayerNode | undefined {
  if (isSame(node.range, range)) return node;
  const inner =
    node.kind === 'list'
      ? node.items
      : node.kind === 'mapping'
        ? [...node.entries.values()].map((one) => one.value)
        : [];
  for (const one of inner) {
    const found = nodeAt(one, range);
    if (found !== undefined) return found;
  }
  return undefined;
}
