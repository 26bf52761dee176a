import { resolveSetting } from '../../merge/resolve.ts';
import { publicDataApp, readPublicData } from '../../render/publicData.ts';
import { nearestName } from '../../text/names.ts';
import type { Model } from '../../workspace/model.ts';
import type { App } from '../../workspace/workspace.ts';
import { contextsOf } from '../../workspace/workspace.ts';
import { removeItem } from '../../yaml/edit/removeItem.ts';
import { keyParts } from '../../yaml/entries.ts';
import { renamedPart, writtenName } from '../../yaml/writtenName.ts';
import type { Action, ActionRequest, ShownProblem } from './action.ts';
import { inFile } from './place.ts';

/** Mends an entry of public data that the configuration does not have: takes it out, or names what is near. */
export function publicKeyActions({ model, file, problems }: ActionRequest): Action[] {
  const app = publicDataApp(model, file);
  const content = app && model.read(file);
  if (app === undefined || content === undefined || 'error' in content) return [];
  return problems
    .filter(({ code }) => code === 'public-key-missing')
    .flatMap((fixes) => {
      const change = changeActions(model, app, file, content.text, fixes);
      const removal = removeActions(file, content.text, fixes);
      return [
        ...change,
        ...removal.map((one) => (change.length === 0 ? { ...one, preferred: true as const } : one)),
      ];
    });
}

function removeActions(file: string, text: string, fixes: ShownProblem): Action[] {
  const edit = removeItem(text, fixes.range);
  if (edit === undefined) return [];
  return [
    { title: 'Remove the entry', kind: 'quickfix', fixes, change: () => ({ edits: inFile(file, [edit]) }) },
  ];
}

function changeActions(model: Model, app: App, file: string, text: string, fixes: ShownProblem): Action[] {
  const entry = readPublicData(model, app)?.keys.find(({ range }) => range.start === fixes.range.start);
  const written = entry && writtenName(text, entry.range, entry.name);
  const near = entry && nearSetting(model, app, keyParts(entry.name));
  if (written === undefined || near === undefined) return [];
  const edit = renamedPart(written, near.part, near.name, true);
  const title = `Change to \`${written.parts.with(near.part, near.name).join('.')}\``;
  const change = () => ({ edits: inFile(file, [edit]) });
  return [{ title, kind: 'quickfix', preferred: true, fixes, change }];
}

/** The part of a path that the configuration does not have, and the nearest name that it has there instead. */
function nearSetting(
  model: Model,
  app: App,
  path: readonly string[],
): { part: number; name: string } | undefined {
  const [of] = contextsOf(model.workspace, app.name);
  if (of === undefined) return undefined;
  const stack = model.stack(of);
  for (let part = 0; part < path.length; part++) {
    const above = path.slice(0, part);
    const value = resolveSetting(stack, model.workspace.merge, above).setting?.value;
    const names = part === 0 ? stack.flatMap(({ layer }) => [...layer.root.entries.keys()]) : namesIn(value);
    const key = path[part] ?? '';
    if (names.includes(key)) continue;
    const name = nearestName(key, names);
    if (name === undefined) return undefined;
    const fixed = [...above, name, ...path.slice(part + 1)];
    const isThere = resolveSetting(stack, model.workspace.merge, fixed).setting?.value !== undefined;
    return isThere ? { part, name } : undefined;
  }
  return undefined;
}

function namesIn(value: NonNullable<ReturnType<typeof resolveSetting>['setting']>['value']): string[] {
  if (value?.kind !== 'mapping') return [];
  return [...value.entries].flatMap(([key, one]) => (one.value === undefined ? [] : [key]));
}
