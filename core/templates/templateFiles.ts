import { joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { App, Workspace } from '../workspace/workspace.ts';
import { readTemplate } from './readTemplate.ts';
import type { Origin, Template } from './template.ts';

/** An app's template: any file in its folder of templates. */
export interface TemplateFile {
  file: string;
  text: string;
  template: Template;
}

/** The app that a template belongs to by its place; `undefined` for any other file. */
export function templateApp({ workspace }: Model, file: string): App | undefined {
  if (!file.includes(`/${workspace.scheme.templateDirectory}/`)) return undefined;
  return workspace.apps.find((app) => isInside(templateFolder(workspace, app), file));
}

function isInside(folder: string | undefined, file: string): boolean {
  return folder !== undefined && file.startsWith(`${folder}/`);
}

function templateFolder({ scheme }: Workspace, { folder }: App): string | undefined {
  return folder === undefined ? undefined : joinPath(folder, scheme.templateDirectory);
}

const mostDepth = 6;
const mostFolders = 100;
const mostFiles = 1000;
const mostLength = 1024 * 1024;

/** The folders of an app's templates, the top one first; depth and number are bounded. */
export function templateFolders(model: Model, app: App): string[] {
  const top = templateFolder(model.workspace, app);
  const found: string[] = [];
  let level = top === undefined ? [] : [top];
  for (let depth = 0; depth < mostDepth && level.length > 0 && found.length < mostFolders; depth++) {
    found.push(...level.slice(0, mostFolders - found.length));
    level = level.flatMap((folder) => model.folders(folder).map((name) => joinPath(folder, name)));
  }
  return found;
}

/**
 * The templates of an app, read. Left out are files that are no text, and those of more than a million characters.
 * @param mayMatter looks at the text first, so that others are not read as templates.
 */
export function templatesOf(
  model: Model,
  app: App,
  mayMatter: (text: string) => boolean = () => true,
): TemplateFile[] {
  return filesOf(model, app).flatMap((file) => {
    const text = templateText(model, file);
    if (text === undefined || !mayMatter(text)) return [];
    return [{ file, text, template: templateIn(model, file, text) }];
  });
}

/** What stands in the folders of templates, by the names in the top one: a model keeps these until files move. */
const listed = new WeakMap<ReadonlySet<string>, readonly string[]>();

function filesOf(model: Model, app: App): readonly string[] {
  const top = templateFolder(model.workspace, app);
  const names = top === undefined ? undefined : model.names(top);
  if (names === undefined) return [];
  const before = listed.get(names);
  if (before !== undefined) return before;
  const files = templateFolders(model, app).flatMap((folder) =>
    [...model.names(folder)].map((name) => joinPath(folder, name)),
  );
  listed.set(names, files.slice(0, mostFiles));
  return files.slice(0, mostFiles);
}

/** A template, read; `undefined` for a file that is none. */
export function templateOf(model: Model, file: string): TemplateFile | undefined {
  const text = templateText(model, file);
  return text === undefined ? undefined : { file, text, template: templateIn(model, file, text) };
}

function templateText(model: Model, file: string): string | undefined {
  const content = model.read(file);
  if (content === undefined || 'error' in content || content.text.length > mostLength) return undefined;
  return content.text.includes('\0') ? undefined : content.text;
}

/** What was read of templates, for as long as their texts are the same. */
const known = new WeakMap<Model, Map<string, { text: string; template: Template }>>();

function templateIn(model: Model, file: string, text: string): Template {
  const ofModel = known.get(model) ?? new Map<string, { text: string; template: Template }>();
  known.set(model, ofModel);
  const before = ofModel.get(file);
  if (before?.text === text) return before.template;
  const template = readTemplate(text);
  ofModel.set(file, { text, template });
  return template;
}

/** The whole path of a setting that an app's template names; of its first names only, where a length is given. */
export function settingPath(app: App, { root, path }: Origin, length: number = path.length): string[] {
  const names = path.slice(0, length);
  if (root === 'conf') return names;
  return [root === 'aconf' ? app.name : 'common', ...names];
}
