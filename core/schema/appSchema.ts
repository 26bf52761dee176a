import { problem } from '../problem.ts';
import { joinPath } from '../text/paths.ts';
import { fileStart } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type App, appDirectory, type Workspace } from '../workspace/workspace.ts';
import { type CompiledSchema, compileSchema } from './compile.ts';

/** The schemas that were read, for as long as the workspace stays the same: reading one is a pure function of its text. */
const known = new WeakMap<Workspace, Map<string, { text: string; schema: CompiledSchema }>>();

/** An app's JSON Schema (`schema.json`, `schema.yaml`); `undefined` for an app without one, at the cost of a look-up. */
export function schemaOf(model: Model, app: App): CompiledSchema | undefined {
  const file = schemaFile(model, app);
  const content = file === undefined ? undefined : model.read(file);
  if (file === undefined || content === undefined) return undefined;
  if ('error' in content) {
    return {
      ...compileSchema(file, '{}'),
      fault: problem('schema', { file, range: fileStart }, content.error),
    };
  }
  return compiled(model.workspace, file, content.text);
}

/** The schema of an app that is given by its name. */
export function schemaOfApp(model: Model, name: string): CompiledSchema | undefined {
  const app = model.workspace.apps.find((one) => one.name === name);
  return app && schemaOf(model, app);
}

function schemaFile(model: Model, app: App): string | undefined {
  const { workspace } = model;
  const folder = appDirectory(workspace, app);
  if (folder === undefined) return undefined;
  const { schema, endings } = workspace.scheme;
  const names = model.names(folder);
  const ending = endings.find((one) => names.has(schema + one));
  return ending === undefined ? undefined : joinPath(folder, schema + ending);
}

function compiled(workspace: Workspace, file: string, text: string): CompiledSchema {
  const files = known.get(workspace) ?? new Map<string, { text: string; schema: CompiledSchema }>();
  known.set(workspace, files);
  const before = files.get(file);
  if (before?.text === text) return before.schema;
  const schema = compileSchema(file, text);
  files.set(file, { text, schema });
  return schema;
}
