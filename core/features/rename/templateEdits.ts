import { readTemplate } from '../../templates/readTemplate.ts';
import { canFollowDot, escapedFor } from '../../templates/strings.ts';
import type { Access, Origin, ReferencePart } from '../../templates/template.ts';
import { settingPath, type TemplateFile, templatesOf } from '../../templates/templateFiles.ts';
import { applyEdits, type Edit, type FileEdit } from '../../text/edits.ts';
import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import type { App } from '../../workspace/workspace.ts';
import { mentionsIn } from '../templateNames.ts';
import { type OrRefusal, refuse } from './refusal.ts';

/**
 * The edits that rename a setting in the templates of an app. Refused where a template reaches the setting by a name
 * that cannot be followed, and where it would name anything else afterwards.
 */
export function templateEdits(
  model: Model,
  app: App,
  path: readonly string[],
  newName: string,
): OrRefusal<{ edits: FileEdit[] }> {
  const templates = templatesOf(model, app);
  const hidden = templates.flatMap((one) => hiddenUse(one, app, path, templates) ?? [])[0];
  if (hidden !== undefined) {
    const name = path.join('.');
    return refuse(`the template may reach \`${name}\` here through a value`, hidden.file, hidden.range);
  }
  const edits: FileEdit[] = [];
  // Apps may share a folder, and then the same text names something else for each.
  const apps = model.workspace.apps.filter(({ folder }) => folder === app.folder);
  for (const one of templates) {
    const own = editsIn(one, app, path, newName);
    const isSame = apps.every((each) => namesAreSame(one, each, path, own, newName));
    if (!isSame) {
      const at = own[0]?.range ?? mentionsIn(one, app, path)[0]?.range ?? { start: 0, end: 0 };
      return refuse(`renaming \`${path.join('.')}\` would change more than its name here`, one.file, at);
    }
    edits.push(...own.map((edit) => ({ file: one.file, ...edit })));
  }
  return { edits };
}

/** A look-up that may mean the setting, in a value that may hold it. */
function hiddenUse(
  { file, template }: TemplateFile,
  app: App,
  path: readonly string[],
  templates: readonly TemplateFile[],
): { file: string; range: Range } | undefined {
  const found = template.accesses.find((access) => {
    if (access.name !== undefined && access.name !== path.at(-1)) return false;
    if (access.origins !== 'anything') {
      return access.origins.some((origin) => mayHold(settingPath(app, origin), path, access));
    }
    // Parameters of macros may come from any template, but only what lies above the setting leads to it.
    return access.name !== undefined && templates.some((one) => isPassedOn(one, app, path));
  });
  return found && { file, range: found.range };
}

/** A computed name on the mapping itself means what lies right below it. */
function mayHold(origin: readonly string[], path: readonly string[], { name, exact }: Access): boolean {
  const isFar = name === undefined && exact && origin.length !== path.length - 1;
  return !isFar && isAbove(origin, path);
}

function isPassedOn({ template }: TemplateFile, app: App, path: readonly string[]): boolean {
  return template.references.some(
    (one: Origin & { passed: boolean }) => one.passed && isAbove(settingPath(app, one), path),
  );
}

function isAbove(upper: readonly string[], path: readonly string[]): boolean {
  return upper.length < path.length && upper.every((name, index) => path[index] === name);
}

function editsIn(one: TemplateFile, app: App, path: readonly string[], newName: string): Edit[] {
  const edits = mentionsIn(one, app, path).flatMap(({ part }) => renamedPart(one.text, part, newName) ?? []);
  return [...new Map(edits.map((edit) => [edit.range.start, edit])).values()];
}

/** Another name for a part of a reference, in its dots, brackets or quotes; none for a variable, which keeps its own. */
export function renamedPart(
  text: string,
  { range, written, dot }: ReferencePart,
  newName: string,
): Edit | undefined {
  if (written === 'variable') return undefined;
  if (written === 'string') {
    return { range, text: escapedFor(text[range.start - 1] ?? "'", newName) };
  }
  if (canFollowDot(newName)) return { range, text: newName };
  return { range: { start: dot ?? range.start, end: range.end }, text: `['${escapedFor("'", newName)}']` };
}

/** Whether the template names the same settings afterwards, but for the one with another name. */
function namesAreSame(
  { text, template }: TemplateFile,
  app: App,
  path: readonly string[],
  edits: readonly Edit[],
  newName: string,
): boolean {
  const before = template.references.map((one) => {
    const whole = settingPath(app, one);
    const isBelow = whole.length >= path.length && path.every((name, index) => whole[index] === name);
    return isBelow ? whole.with(path.length - 1, newName) : whole;
  });
  const after = edits.length === 0 ? template : readTemplate(applyEdits(text, edits));
  return JSON.stringify(before) === JSON.stringify(after.references.map((one) => settingPath(app, one)));
}
