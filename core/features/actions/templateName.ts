import { readTemplate } from '../../templates/readTemplate.ts';
import type { ReferencePart, Template, TemplateReference } from '../../templates/template.ts';
import { templateOf } from '../../templates/templateFiles.ts';
import { applyEdits } from '../../text/edits.ts';
import { renamedPart } from '../rename/templateEdits.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { inFile } from './place.ts';

/** Puts the setting that is there in place of one that a template misspells; dots, brackets and quotes stay. */
export function templateNameActions({ model, file, problems }: ActionRequest): Action[] {
  const here = problems.filter(({ code, meant }) => code === 'template-undefined' && meant !== undefined);
  const found = here.length > 0 ? templateOf(model, file) : undefined;
  if (found === undefined) return [];
  const { text, template } = found;
  return here.flatMap((fixes): Action[] => {
    const { meant = '', range } = fixes;
    const part = partAt(template, range.start);
    if (part === undefined) return [];
    const change = () => renamedHere(file, { text, template }, part, meant);
    return [{ title: `Change to \`${meant}\``, kind: 'quickfix', preferred: true, fixes, change }];
  });
}

/** The part that stands there; of a variable, the one that it got its value from. */
function partAt({ references }: Template, offset: number): ReferencePart | undefined {
  for (const [index, reference] of references.entries()) {
    const part = reference.parts.find(({ range }) => range.start === offset);
    if (part?.written === 'variable') return sourceOf(references.slice(0, index), reference, part);
    if (part !== undefined) return part;
  }
  return undefined;
}

function sourceOf(
  before: readonly TemplateReference[],
  { root, path }: TemplateReference,
  { length }: ReferencePart,
): ReferencePart | undefined {
  const named = path.slice(0, length).join('\n');
  const source = before.findLast((one) => one.root === root && one.path.join('\n') === named);
  const part = source?.parts.at(-1);
  return part?.written === 'variable' ? undefined : part;
}

/** The change, where the template names the other setting there afterwards and as many settings as before. */
function renamedHere(
  file: string,
  { text, template }: { text: string; template: Template },
  part: ReferencePart,
  meant: string,
): Change | undefined {
  const edit = renamedPart(text, part, meant);
  if (edit === undefined) return undefined;
  const before = template.references;
  const after = readTemplate(applyEdits(text, [edit])).references;
  const index = before.findIndex(({ parts }) => parts.includes(part));
  const isMeant = after[index]?.path[part.length - 1] === meant && after.length === before.length;
  return isMeant ? { edits: inFile(file, [edit]) } : undefined;
}
