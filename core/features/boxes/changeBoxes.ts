import { applyEdits, type Edit } from '../../text/edits.ts';
import { isName, nameRule } from '../../text/names.ts';
import { type Box, readBoxes, urlFault } from '../../workspace/boxSettings.ts';
import { insertSetting } from '../../yaml/edit/insertSetting.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import type { SettingText } from '../../yaml/edit/settingText.ts';
import { pairsOf, readWritten, type WrittenText } from '../../yaml/edit/written.ts';
import { parseText } from '../../yaml/parse.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';

/** A box that is to stand in a manifest. */
export interface NewBox {
  name: string;
  url: string;
  environment: string;
  cluster: string | null;
}

/** A manifest; the text of one that is not there yet is empty. */
interface ManifestText {
  file: string;
  text: string;
}

type Changed = { edits: Edit[] } | { refusal: string };

/** The edits that put a box into a manifest and change nothing else, or why there are none. */
export function addBox(manifest: ManifestText, box: NewBox): Changed {
  const fault = isName(box.name) ? urlFault(box.url) : nameRule;
  if (fault !== undefined) return { refusal: fault };
  if (boxesIn(manifest).some(({ name }) => name === box.name)) {
    return { refusal: `there is a box \`${box.name}\` already` };
  }
  const written = writtenManifest(manifest);
  const edits = written && insertSetting(written, ['boxes', box.name], boxText(box));
  const isRight = (now: readonly Box[]) => {
    const { name, url, environment, cluster } = box;
    const made = { name, url, environment, ...(cluster === null ? {} : { cluster }), labels: {} };
    return sameText(now, [...boxesIn(manifest), made]);
  };
  return checked(manifest, edits, isRight);
}

/** The edits that take a box out of a manifest, with the comments that are about it alone. */
export function removeBox(manifest: ManifestText, name: string): Changed {
  const before = boxesIn(manifest);
  if (!before.some((one) => one.name === name)) return { refusal: `there is no box \`${name}\`` };
  const written = writtenManifest(manifest);
  const edits = written && removePairs(written, pairsOf(written, ['boxes', name]), { comments: 'own' });
  const left = before.filter((one) => one.name !== name);
  return checked(manifest, edits, (now) => sameText(now, left));
}

/** Edits are tried before anybody is given them: nothing else may say something else by them. */
function checked(
  { file, text }: ManifestText,
  edits: Edit[] | undefined,
  isRight: (boxes: readonly Box[]) => boolean,
): Changed {
  const isTrue = edits !== undefined && isRight(boxesIn({ file, text: applyEdits(text, edits) }));
  return isTrue ? { edits } : { refusal: 'the manifest is written in a way that cannot be edited here' };
}

function writtenManifest({ file, text }: ManifestText): WrittenText | undefined {
  return readWritten(file, text, '1.2', { dottedKeys: false });
}

function boxesIn({ file, text }: ManifestText): readonly Box[] {
  const { root } = parseText(file, text, '1.2', { dottedKeys: false });
  return readBoxes({ file, problems: [] }, root.entries.get('boxes')?.value) ?? [];
}

function sameText(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function boxText({ url, environment, cluster }: NewBox): SettingText {
  const pairs = Object.entries({ url, environment, ...(cluster === null ? {} : { cluster }) });
  const value = (text: string, isFlow: boolean) => (isPlainText(text, isFlow) ? text : JSON.stringify(text));
  return {
    above: [],
    block: (step) => ['', ...pairs.map(([key, text]) => `${' '.repeat(step)}${key}: ${value(text, false)}`)],
    flow: () => `{ ${pairs.map(([key, text]) => `${key}: ${value(text, true)}`).join(', ')} }`,
  };
}

/** Whether it is read as text without quotes: a cluster may be called `1`, or `no`. */
function isPlainText(text: string, isFlow: boolean): boolean {
  return isPlainSafe(text, isFlow) && !/^(?:[\d.+-].*|true|false|null|yes|no|on|off|y|n|~)$/i.test(text);
}
