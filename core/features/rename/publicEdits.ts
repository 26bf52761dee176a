import { readPublicData } from '../../render/publicData.ts';
import type { FileEdit } from '../../text/edits.ts';
import type { Model } from '../../workspace/model.ts';
import type { App } from '../../workspace/workspace.ts';
import { keyParts } from '../../yaml/entries.ts';
import { renamedPart, writtenName } from '../../yaml/writtenName.ts';
import { type OrRefusal, refuse } from './refusal.ts';

/** The edits that rename a setting in an app's public data: in its own entry and in those of what lies below it. */
export function publicEdits(
  model: Model,
  app: App,
  path: readonly string[],
  newName: string,
): OrRefusal<{ edits: FileEdit[] }> {
  const list = readPublicData(model, app);
  if (list === undefined) return { edits: [] };
  const { file } = list;
  const name = path.join('.');
  const content = model.read(file);
  const text = content !== undefined && 'text' in content ? content.text : '';
  const fault = list.problems[0];
  if (fault && text.includes(path.at(-1) ?? '')) {
    return refuse('this file cannot be read as it stands: mend it first', file, fault.range);
  }
  const newPath = [...path.slice(0, -1), newName];
  const edits: FileEdit[] = [];
  for (const { name: key, range } of list.keys) {
    if (startsWith(keyParts(key), newPath))
      return refuse(`\`${newPath.join('.')}\` is already there`, file, range);
    if (!startsWith(keyParts(key), path)) continue;
    const written = writtenName(text, range, key);
    if (written === undefined) return refuse(`this entry for \`${name}\` cannot be edited`, file, range);
    edits.push({ file, ...renamedEntry(written, path.length - 1, newName) });
  }
  return { edits };
}

/** An entry of digits alone would no longer be text. */
function renamedEntry(written: NonNullable<ReturnType<typeof writtenName>>, part: number, newName: string) {
  const whole = written.parts.map((one, index) => (index === part ? newName : one)).join('.');
  const ambiguous = /^[-+.\d]|^(?:~|null|true|false|yes|no|on|off|y|n)$/i.test(whole);
  if (written.quote === '' && ambiguous) return { range: written.range, text: JSON.stringify(whole) };
  return renamedPart(written, part, newName, true);
}

function startsWith(key: readonly string[], path: readonly string[]): boolean {
  return path.every((part, index) => key[index] === part);
}
