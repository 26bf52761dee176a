import { joinRelated } from '../check/finding.ts';
import type { Context } from '../layers/context.ts';
import { type EffectiveMapping, type EffectiveValue, type Setting, winningSay } from '../merge/setting.ts';
import { type Problem, problem, type RelatedPlace } from '../problem.ts';
import { isReached, type Rendering } from '../templates/evaluate.ts';
import type { TemplateReference } from '../templates/template.ts';
import { settingPath, type TemplateFile, templatesOf } from '../templates/templateFiles.ts';
import { mappingMethods, pythonMethods } from '../templates/words.ts';
import { nearestName } from '../text/names.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';
import type { MergedContext } from './environmentGap.ts';

/** A place of a template that fails to render, with the contexts it fails in. */
interface UndefinedSetting {
  problem: Problem;
  contexts: Context[];
}

/**
 * Settings that an app's templates use and that are not there, in the contexts given. As in Jinja2 with undefined
 * settings as errors: `is defined`, `default` and `.get` allow for the last name of a path only, and nothing is
 * told of a place that the known conditions around it keep from being reached.
 * @param merged the contexts of the app; those for builds render no templates.
 */
export function templateUndefined(
  model: Model,
  app: App,
  merged: readonly MergedContext[],
): UndefinedSetting[] {
  const sound = merged.filter(({ of, stack }) => of.mode !== 'build' && !stack.some(isBroken));
  if (sound.length === 0) return [];
  return templatesOf(model, app).flatMap((one) => undefinedIn(one, app, sound));
}

type Rendered = MergedContext & { rendering: Rendering };

function undefinedIn(
  { file, template }: TemplateFile,
  app: App,
  merged: readonly MergedContext[],
): UndefinedSetting[] {
  const found = new Map<string, UndefinedSetting>();
  const pathOf: Rendering['pathOf'] = (origin) => settingPath(app, origin);
  const renderings = merged.map((one): Rendered => {
    return { ...one, rendering: { root: one.root, pathOf, reached: new Map() } };
  });
  for (const references of template.settings) {
    const path = references[0] === undefined ? [] : pathOf(references[0]);
    for (const { of, stack, rendering } of renderings) {
      const lack = lackOf(path, rendering.root);
      if (lack === undefined) continue;
      for (const reference of failing(references, path, lack, rendering)) {
        add(found, lackProblem(file, path, reference, lack, stack), of);
      }
    }
  }
  return [...found.values()];
}

/** The references that do not allow for the lack, and are reached. */
function failing(
  references: readonly TemplateReference[],
  path: readonly string[],
  { length }: Lack,
  rendering: Rendering,
): TemplateReference[] {
  return references.filter((one) => {
    const isAllowed = one.optional.includes(length - (path.length - one.path.length));
    return !isAllowed && isReached(one.condition, rendering);
  });
}

/** A layer that cannot be read in full lacks what it may well give. */
function isBroken({ layer }: MergedContext['stack'][number]): boolean {
  return layer.problems.some(({ code }) => code !== 'duplicate-key');
}

/** The first name of a reference that is not there. */
interface Lack {
  /** How many names of the whole path there are, with it. */
  length: number;
  /** What it was looked up in. */
  above: EffectiveValue;
  /** What layers said of it before it was taken away. */
  gone?: Setting | undefined;
}

function lackOf(path: readonly string[], root: EffectiveMapping): Lack | undefined {
  let above: EffectiveValue = root;
  let length = 0;
  for (const name of path) {
    length++;
    if (above.kind === 'missing') return undefined;
    // `.items` without brackets is a method, which is there.
    if ((above.kind === 'mapping' ? mappingMethods : pythonMethods).has(name)) return undefined;
    const setting: Setting | undefined = above.kind === 'mapping' ? above.entries.get(name) : undefined;
    if (setting?.value === undefined) return { length, above, gone: setting };
    above = setting.value;
  }
  return undefined;
}

function lackProblem(
  file: string,
  path: readonly string[],
  reference: TemplateReference,
  { length, above, gone }: Lack,
  stack: MergedContext['stack'],
): Problem {
  const own = length - (path.length - reference.path.length);
  const part = reference.parts.find((one) => one.length >= own);
  const name = path[length - 1] ?? '';
  const setting = path.slice(0, length).join('.');
  const related = gone === undefined ? [] : takenAway(gone, stack);
  const at = { file, range: part?.range ?? reference.range };
  if (related.length > 0) {
    const message = 'the template uses this setting, and a layer takes it away';
    return problem('template-undefined', at, message, { setting, related });
  }
  const meant = nearestName(name, namesIn(above));
  const more = meant === undefined ? {} : { meant };
  return problem('template-undefined', at, text(above, meant), { setting, ...more });
}

function takenAway(gone: Setting, stack: MergedContext['stack']): RelatedPlace[] {
  const say = winningSay(gone);
  const file = say && stack[say.layer]?.file;
  return say && file ? [{ message: 'taken away here', file, range: say.keyRange }] : [];
}

function namesIn(above: EffectiveValue): string[] {
  if (above.kind !== 'mapping') return [];
  return [...above.entries].flatMap(([key, { value }]) => (value === undefined ? [] : [key]));
}

function text(above: EffectiveValue, meant: string | undefined): string {
  if (above.kind !== 'mapping') {
    return `the template looks for it in ${kindText(above.kind)}, which holds no settings`;
  }
  const near = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
  return `the template uses this setting, and no layer gives it.${near}`;
}

function kindText(kind: EffectiveValue['kind']): string {
  if (kind === 'null') return 'null';
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function add(found: Map<string, UndefinedSetting>, one: Problem, of: Context): void {
  const key = `${one.range.start} ${one.setting} ${one.message}`;
  const known = found.get(key);
  if (known === undefined) {
    found.set(key, { problem: one, contexts: [of] });
    return;
  }
  if (known.contexts.at(-1) !== of) known.contexts.push(of);
  joinRelated(known.problem, one);
}
