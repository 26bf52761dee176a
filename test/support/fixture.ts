import type { StackLayer } from '../../core/merge/setting.ts';
import type { FileText, FolderEntry, LayerSource } from '../../core/source.ts';
import type { Range } from '../../core/text/range.ts';
import { discoverWorkspaces } from '../../core/workspace/discover.ts';
import { type Model, openModel } from '../../core/workspace/model.ts';
import type { YamlVersion } from '../../core/workspace/workspace.ts';
import { readLayer } from '../../core/yaml/readLayer.ts';

/** Several files in one text, with a cursor and expected ranges. */
export interface Fixture {
  files: Map<string, string>;
  /** Where `$0` stood. */
  cursor: { file: string; offset: number };
  /** What the carets of `# ^^^ label` lines point at, in the line above each. */
  marks: { file: string; range: Range; label: string }[];
}

/**
 * Reads a fixture. `//- /path` starts a file, `$0` is the cursor, and a line of carets, with a label behind
 * them, marks the stretch above it as it is without the cursor. Such lines are taken out.
 */
export function parseFixture(text: string): Fixture {
  const fixture: Fixture = { files: new Map(), cursor: { file: '', offset: -1 }, marks: [] };
  for (const part of unindented(text)
    .split(/^\/\/- /m)
    .slice(1)) {
    const end = part.indexOf('\n');
    const file = part.slice(0, end).trim();
    const { content, offset, marks } = parseFile(part.slice(end + 1));
    fixture.files.set(file, content);
    if (offset !== -1) fixture.cursor = { file, offset };
    fixture.marks.push(...marks.map((mark) => ({ file, ...mark })));
  }
  return fixture;
}

function parseFile(text: string) {
  const marks: { range: Range; label: string }[] = [];
  let content = '';
  let offset = -1;
  for (const line of text.split(/(?<=\n)/)) {
    const carets = /^ *(\^+) ?(.*)$/m.exec(line);
    if (carets === null) {
      if (line.includes('$0')) offset = content.length + line.indexOf('$0');
      content += line.replace('$0', '');
      continue;
    }
    const above = content.lastIndexOf('\n', content.length - 2) + 1;
    const start = above + line.indexOf('^');
    const end = start + (carets[1]?.length ?? 0);
    marks.push({ range: { start, end }, label: (carets[2] ?? '').trim() });
  }
  return { content, offset, marks };
}

function unindented(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return lines
    .map((line) => line.slice(indent))
    .join('\n')
    .replace(/\n *$/, '\n');
}

/** Files from a map; changing the map changes what is read. */
export function mapSource(files: ReadonlyMap<string, string>): LayerSource {
  return {
    read(file): FileText | undefined {
      const text = files.get(file);
      return text === undefined ? undefined : { text };
    },
    list(folder): FolderEntry[] | undefined {
      const inside = [...files.keys()].filter((file) => file.startsWith(`${folder}/`));
      if (inside.length === 0) return undefined;
      const entries = new Map<string, FolderEntry['kind']>();
      for (const file of inside) {
        const [name = '', ...rest] = file.slice(folder.length + 1).split('/');
        entries.set(name, rest.length > 0 ? 'folder' : 'file');
      }
      return [...entries].sort().map(([name, kind]) => ({ name, kind }));
    },
  };
}

/** The first workspace below `/` of some files. */
export function modelOf(files: ReadonlyMap<string, string>, root = '/w'): Model {
  const source = mapSource(files);
  const [workspace] = discoverWorkspaces(source, [root]);
  if (workspace === undefined) throw new Error('the fixture holds no workspace');
  return openModel(source, workspace);
}

/** A stack of texts, lowest first, as layers of a context without a scheme. */
export function stackOf(texts: readonly string[], version: YamlVersion = '1.2'): StackLayer[] {
  return texts.map((text, index) => {
    const file = `/${index}.yaml`;
    return { slot: String(index), file, layer: readLayer(file, { text }, version) };
  });
}

/** A central directory and two apps in three environments, one with clusters: the beginning of a fixture. */
export const shopManifest: string = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , production: {clusters: [us, eu]}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
  //- /w/shop/deploy/configuration/shop-default.yaml
  shop: {}
`;

/** A fixture that goes on below its beginning, with the model of all its files. */
export function openBelow(beginning: string, text: string): Fixture & { model: Model } {
  const fixture = parseFixture(beginning + text.replace(/^\n/, '').replace(/^ {4}/gm, ''));
  return { ...fixture, model: modelOf(fixture.files) };
}
