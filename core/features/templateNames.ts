import type { ReferencePart, TemplateReference } from '../templates/template.ts';
import { settingPath, type TemplateFile, templateApp, templateOf } from '../templates/templateFiles.ts';
import { type Range, touches } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';

/** A part of a reference in a template, with the setting that it names. */
export interface NameInTemplate {
  app: App;
  path: string[];
  part: ReferencePart;
}

/** The setting that is named at a place of a template; `undefined` in a file that is none. */
export function nameInTemplate(model: Model, file: string, offset: number): NameInTemplate | undefined {
  const app = templateApp(model, file);
  const references = app && templateOf(model, file)?.template.references;
  if (app === undefined || references === undefined) return undefined;
  for (const reference of references) {
    if (!touches(reference.range, offset)) continue;
    const part = reference.parts.find((one) => touches(one.range, offset));
    const path = part && settingPath(app, reference, part.length);
    if (part !== undefined && path !== undefined && path.length > 0) return { app, path, part };
  }
  return undefined;
}

/** A place of a template that names a setting, with the whole reference that it is a part of. */
export interface Mention {
  part: ReferencePart;
  range: Range;
}

/** Every place of a template that names a setting, those that go on to what lies below it included. */
export function mentionsIn({ template }: TemplateFile, app: App, path: readonly string[]): Mention[] {
  return template.references.flatMap((reference) => {
    const part = partNaming(app, reference, path);
    return part === undefined ? [] : [{ part, range: reference.range }];
  });
}

function partNaming(
  app: App,
  reference: TemplateReference,
  path: readonly string[],
): ReferencePart | undefined {
  const whole = settingPath(app, reference);
  const length = path.length - (whole.length - reference.path.length);
  const part = reference.parts.find((one) => one.length === length);
  return part !== undefined && path.every((name, index) => whole[index] === name) ? part : undefined;
}
