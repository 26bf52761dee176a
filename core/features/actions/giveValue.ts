import type { Context } from '../../layers/context.ts';
import { resolveSetting } from '../../merge/resolve.ts';
import { winningSay } from '../../merge/setting.ts';
import { withoutBlankEnd } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { plainSetting, type SettingText } from '../../yaml/edit/settingText.ts';
import type { Action, ActionRequest, Change, ShownProblem } from './action.ts';
import { valuesElsewhere } from './elsewhere.ts';
import { freeFiles } from './freeFile.ts';
import { guarded } from './guard.ts';
import { canTake } from './moveSetting.ts';
import { editableLayer, fileTitle, giving, type SettingHere, settingOf, standsAlone } from './place.ts';

/** How many layers are offered. */
const mostLayers = 5;

/** Gives a value that a placeholder asks for: in its place, in a layer above it, or in a new one. */
export function giveValueActions(request: ActionRequest): Action[] {
  const { model, file, problems } = request;
  return problems.flatMap((fixes) => {
    const at = fixes.code === 'missing-value' ? settingOf(model, file, fixes.range.start) : undefined;
    if (at?.value.kind !== 'missing' || !standsAlone(at)) return [];
    const readers = model.readers(file).filter(({ mode }) => mode !== 'build');
    const missing = readers.filter((of) => isMissing(model, of, file, at.path));
    if (missing.length === 0) return [];
    return actionsFor(request, fixes, at, { readers, missing });
  });
}

interface Readers {
  readers: Context[];
  /** Those in which nobody gives the value. */
  missing: Context[];
}

function actionsFor(
  { model, file, files }: ActionRequest,
  fixes: ShownProblem,
  at: SettingHere,
  { readers, missing }: Readers,
): Action[] {
  const { path } = at;
  const value = () => valueFor(model, path, missing);
  const change = (to: string) => () => guarded(model, giving(model, to, path, value()), { paths: [path] });
  const above = layersAbove(model, file, missing).filter((one) =>
    canTake(editableLayer(model, one)?.root, path),
  );
  const bare = missing.filter((of) => !above.some((one) => isOfEnvironment(model, one, of)));
  const free = files.create ? freeFiles(model, file, bare) : [];
  const all = [file, ...above, ...free];
  const here: Action[] =
    missing.length === readers.length
      ? [
          {
            title: 'Give the value here',
            kind: 'quickfix',
            fixes,
            change: () => inPlace(model, file, at, value()),
          },
        ]
      : [];
  const actions: Action[] = [
    ...here,
    ...above.map((to): Action => {
      return {
        title: `Give the value in ${fileTitle(model, to, all)}`,
        kind: 'quickfix',
        fixes,
        change: change(to),
      };
    }),
    ...free.map((to): Action => {
      const title = `Give the value in a new file ${fileTitle(model, to, all)}`;
      return { title, kind: 'quickfix', fixes, change: change(to) };
    }),
  ];
  return actions.length === 1 ? actions.map((one) => ({ ...one, preferred: true })) : actions;
}

/** Whether only contexts of the same environment read a file. */
function isOfEnvironment(model: Model, file: string, { environment }: Context): boolean {
  return model.readers(file).every((of) => of.environment === environment);
}

function isMissing(model: Model, of: Context, file: string, path: readonly string[]): boolean {
  const stack = model.stack(of);
  const { setting } = resolveSetting(stack, model.workspace.merge, path);
  const win = setting && winningSay(setting);
  return setting?.value?.kind === 'missing' && win !== undefined && stack[win.layer]?.file === file;
}

/** What another context has; an empty text where none has anything. */
function valueFor(model: Model, path: readonly string[], missing: readonly Context[]): SettingText {
  const apps = new Set(missing.map(({ app }) => app));
  const isAsked = (of: Context) => missing.includes(of);
  const [value] = [...apps].flatMap((app) => valuesElsewhere(model, app, path, isAsked));
  return value?.text() ?? plainSetting('""', true);
}

/** The layers above a file where it is missing: those that most such contexts read and few others, first. */
function layersAbove(model: Model, file: string, missing: readonly Context[]): string[] {
  const counts = new Map<string, number>();
  for (const of of missing) {
    const files = model.stack(of).map((one) => one.file);
    for (const one of files.slice(files.indexOf(file) + 1)) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  const others = (one: string) => model.readers(one).length;
  const sorted = [...counts].sort(([a, inA], [b, inB]) => inB - inA || others(a) - others(b));
  return sorted.slice(0, mostLayers).map(([one]) => one);
}

function inPlace(
  model: Model,
  file: string,
  { path, value, layer }: SettingHere,
  text: SettingText,
): Change | undefined {
  const given = text.flow(file.endsWith('.json'));
  const isSpaced = layer.text[value.range.start - 1] === ' ';
  const range = withoutBlankEnd(layer.text, value.range);
  const edit = given && { file, range, text: isSpaced ? given : ` ${given}` };
  return guarded(model, edit ? { edits: [edit] } : undefined, { paths: [path] });
}
