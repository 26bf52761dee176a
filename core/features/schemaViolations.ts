import type { Context } from '../layers/context.ts';
import type { StackLayer } from '../merge/setting.ts';
import { type Problem, problem } from '../problem.ts';
import { schemaOf } from '../schema/appSchema.ts';
import { type Breach, breachesOf, isAboutKey } from '../schema/breaches.ts';
import type { CompiledSchema } from '../schema/compile.ts';
import { describeBreach } from '../schema/describe.ts';
import { exactInteger, isUncertain, plainConfiguration } from '../schema/instance.ts';
import { isBeyond } from '../schema/limits.ts';
import { type Located, locate } from '../schema/locate.ts';
import { ruleAt } from '../schema/rule.ts';
import { fileStart, type Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type App, appDirectory } from '../workspace/workspace.ts';
import type { LayerNode } from '../yaml/tree.ts';
import type { MergedContext } from './environmentGap.ts';

/** A problem with the contexts it holds in. */
export interface SchemaViolation {
  problem: Problem;
  contexts: Context[];
}

/**
 * Where the effective values of an app break its JSON Schema, each at the layer that gives the value. A schema that
 * cannot be used is one problem, in its file.
 * @param merged the contexts of the app.
 */
export function schemaViolations(
  model: Model,
  app: App,
  merged: readonly MergedContext[],
): SchemaViolation[] {
  const schema = schemaOf(model, app);
  if (schema === undefined) return [];
  const everywhere = merged.map(({ of }) => of);
  if (schema.fault !== undefined) return [{ problem: schema.fault, contexts: everywhere }];
  const found = new Map<string, SchemaViolation>();
  for (const one of merged) {
    const problems = problemsIn(model, app, schema, one);
    if (problems === undefined) return [{ problem: tooSlow(schema), contexts: everywhere }];
    for (const each of problems) fold(found, each, one.of);
  }
  return [...found.values()];
}

function fold(found: Map<string, SchemaViolation>, one: Problem, of: Context): void {
  const key = `${one.file}\n${one.range.start}\n${one.setting}\n${one.message}`;
  const known = found.get(key) ?? { problem: one, contexts: [] };
  found.set(key, known);
  if (known.contexts.at(-1) !== of) known.contexts.push(of);
}

function tooSlow({ file, name }: CompiledSchema): Problem {
  const message = `checking a configuration against ${name} takes too long: it has too many alternatives in alternatives`;
  return problem('schema', { file, range: fileStart }, message);
}

function problemsIn(
  model: Model,
  app: App,
  schema: CompiledSchema,
  merged: MergedContext,
): Problem[] | undefined {
  const { root } = schema;
  const errors = schema.check(plainConfiguration(merged.root));
  if (errors === undefined || root === undefined) return errors && [];
  const valueAt = (path: readonly string[]) =>
    path.length === 0 ? merged.root : locate(merged.root, path)?.value;
  const breaches = breachesOf(errors, (path) => isUncertain(valueAt(path)));
  return breaches.flatMap((breach) => {
    const rule = ruleAt(root, breach.rule);
    const value = valueAt(breach.path);
    if (!counts(breach, value, rule, merged.stack)) return [];
    const place = placeOf(model, app, breach, merged);
    if (place === undefined) return [];
    const missing = breach.names.slice(-1);
    const setting = [...breach.path, ...missing].join('.');
    const related = [
      { message: `\`${breach.rule.at(-1)}\` of the schema`, file: schema.file, range: rule.keyRange },
    ];
    const message = describeBreach(breach, { name: schema.name, root, valueAt });
    return [problem('schema', place, message, { related, ...(setting === '' ? {} : { setting }) })];
  });
}

/** Keywords that ask which keys and how many elements there are: what is open further in does not matter for them. */
const aboutKeys: ReadonlySet<string> = new Set([
  'required',
  'dependentRequired',
  'dependencies',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
]);

/** Whether what the validator says is so in our tree, where placeholders and integers of any size stand. */
function counts(
  { keyword, names }: Breach,
  value: Located['value'] | undefined,
  rule: { node: LayerNode; schema: LayerNode },
  stack: readonly StackLayer[],
): boolean {
  // A layer that cannot be read in full lacks what stands in the rest of it.
  if (names.length > 0 && stack.some(({ layer }) => layer.problems.length > 0)) return false;
  if (keyword === 'false' || aboutKeys.has(keyword)) return true;
  if (value?.kind === 'missing') return false;
  const integer = exactInteger(value);
  if (keyword === 'type' || (integer !== undefined && (keyword === 'enum' || keyword === 'const')))
    return true;
  return integer === undefined ? !isUncertain(value) : isBeyond(integer, keyword, rule);
}

function placeOf(
  model: Model,
  app: App,
  breach: Breach,
  { root, stack }: MergedContext,
): { file: string; range: Range } | undefined {
  const located = locate(root, breach.path);
  const file = located && stack[located.layer]?.file;
  if (located === undefined) return breach.path.length === 0 ? startOfApp(model, app, stack) : undefined;
  const onKey = isAboutKey(breach) || breach.names.length > 0;
  // What Strata itself gives has no file.
  return file ? { file, range: onKey ? located.keyRange : located.range } : undefined;
}

/** The start of the app's lowest layer of its own, where what the whole configuration lacks can be given. */
function startOfApp(
  { workspace }: Model,
  app: App,
  stack: readonly StackLayer[],
): { file: string; range: Range } | undefined {
  const folder = appDirectory(workspace, app);
  const own = stack.find(({ file }) => file.slice(0, file.lastIndexOf('/')) === folder);
  const file = (own ?? stack.findLast((one) => one.file !== ''))?.file;
  return file === undefined ? undefined : { file, range: fileStart };
}
