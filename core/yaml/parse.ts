import { type Document, parseAllDocuments, type YAMLParseError } from 'yaml';
import { type Problem, problem } from '../problem.ts';
import type { YamlVersion } from '../workspace/workspace.ts';
import { withoutConflicts } from './conflicts.ts';
import { type ConvertOptions, layerOptions } from './conversion.ts';
import { convertDocument } from './convert.ts';
import { readEvents } from './events/readEvents.ts';
import { emptyMapping, type LayerNode, type MappingNode } from './tree.ts';

/** What a text says: as much as could be understood, and what is wrong with it. */
export interface ParsedText<Root> {
  root: Root;
  problems: Problem[];
  /** The text is not YAML, so `root` may lack some of what its author meant. */
  broken: boolean;
}

/** How many problems one file is worth: what comes after so many is noise. */
const maxProblems = 100;

/** Reads any YAML text with our tags; `root` is `undefined` for an empty one. Never fails. */
export function parseTree(
  file: string,
  text: string,
  version: YamlVersion,
  options?: ConvertOptions,
): ParsedText<LayerNode | undefined> {
  const sound = version === '1.2' ? readEvents(file, text, options ?? layerOptions) : undefined;
  if (sound !== undefined) return { root: sound.root, problems: [], broken: false };
  return parseWithRecovery(file, text, version, options);
}

/** The same with the parser that goes on behind mistakes: it finds them all, and is slower. */
export function parseWithRecovery(
  file: string,
  text: string,
  version: YamlVersion,
  options: ConvertOptions = layerOptions,
): ParsedText<LayerNode | undefined> {
  const clean = withoutConflicts(file, text);
  const documents = parseDocuments(clean.text, version);
  const [first] = documents;
  if (first === undefined) return { root: undefined, problems: clean.problems, broken: false };
  const syntax = clean.problems.concat(controlCharacters(file, text), syntaxProblems(file, first));
  const { root, problems } = convertDocument(file, clean.text, first, options);
  // Where the parser gave up, what else is wrong follows from that.
  if (first.errors.some(isTooDeep)) return { root, problems: syntax.slice(0, maxProblems), broken: true };
  const all = [...syntax, ...problems, ...furtherDocuments(file, documents)];
  return { root, problems: all.slice(0, maxProblems), broken: syntax.length > 0 };
}

/**
 * Reads the text of a layer. Broken YAML gives what stands before and after the break; an empty text is an
 * empty layer.
 */
export function parseText(
  file: string,
  text: string,
  version: YamlVersion,
  options?: ConvertOptions,
): ParsedText<MappingNode> {
  const { root, problems, broken } = parseTree(file, text, version, options);
  const empty = emptyMapping({ start: 0, end: text.length });
  if (root === undefined || root.kind === 'mapping') return { root: root ?? empty, problems, broken };
  const message = `this must be a mapping of keys to values, and it is a ${root.kind}`;
  return {
    root: empty,
    problems: [...problems, problem('not-a-mapping', { file, range: root.range }, message)],
    broken,
  };
}

/** All documents of a text. Integers come as bigint; timestamps, which JSON lacks, as their text. */
export function parseDocuments(text: string, version: YamlVersion): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    version,
    schema: version === '1.1' ? 'yaml-1.1' : 'core',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
    intAsBigInt: true,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return [...documents] as Document.Parsed[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const control = /[\0-\x08\x0b\x0c\x0e-\x1f]/;

/** The first character that YAML forbids and the parser lets through: a sign that the file is no text. */
function controlCharacters(file: string, text: string): Problem[] {
  const start = text.search(control);
  if (start === -1) return [];
  const code = text.charCodeAt(start).toString(16).toUpperCase().padStart(4, '0');
  const message = `the control character U+${code} may not stand in YAML: write it as \`\\u${code}\` in double quotes`;
  return [problem('yaml-syntax', { file, range: { start, end: start + 1 } }, message)];
}

function syntaxProblems(file: string, document: Document.Parsed): Problem[] {
  const tooDeep = document.errors.find(isTooDeep);
  const errors = tooDeep === undefined ? document.errors : [tooDeep];
  return errors.map((error) => {
    const [start, end] = error.pos;
    return problem('yaml-syntax', { file, range: { start, end } }, errorText(error));
  });
}

function isTooDeep(error: YAMLParseError): boolean {
  return error.code === 'RESOURCE_EXHAUSTION';
}

function errorText(error: YAMLParseError): string {
  if (isTooDeep(error)) return 'nested too deeply to be read';
  return error.message.charAt(0).toLowerCase() + error.message.slice(1);
}

function furtherDocuments(file: string, documents: Document.Parsed[]): Problem[] {
  const [, second] = documents;
  if (second === undefined) return [];
  const [start, end] = second.range;
  const message = 'a layer is one document, and a second one starts here: only the first counts';
  return [problem('several-documents', { file, range: { start, end } }, message)];
}
