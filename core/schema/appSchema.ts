import { problem } from '../problem.ts';
import { fileStart } from '../text/range.ts';
import { appFile } from '../workspace/appFile.ts';
import type { Model } from '../workspace/model.ts';
import { type App, appNamed, type Workspace } from '../workspace/workspace.ts';
import { type CompiledSchema, compileSchema } from './compile.ts';

/** The schemas that were read, for as long as the workspace stays the same: reading one is a pure function of its text. */
const known = new WeakMap<Workspace, Map<string, { text: string; schema: CompiledSchema }>>();

/** An app's JSON Schema (`schema.json`, `schema.yaml`); `undefined` for an app without one, at the cost of a look-up. */
export function schemaOf(model: Model, app: App): CompiledSchema | undefined {
  const file = appFile(model, app, model.workspace.scheme.schema);
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
  const app = appNamed(model.workspace, name);
  return app && schemaOf(model, app);
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
