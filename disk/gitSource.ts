import fs from 'node:fs';
import type { FileText, FolderEntry, LayerSource } from '../core/source.ts';
import { baseName, folderOf, relativePath } from '../core/text/paths.ts';
import { decode, sizeFault } from './diskSource.ts';
import { git } from './git.ts';

/**
 * Some folders as the last commit (`HEAD`) of the repository that each lies in has them. What no commit holds is not there.
 * @param wanted which files are to be read, told the names in the folders.
 * @returns a source that holds these files, or why it cannot be had, in words for a person.
 */
export async function headSource(
  folders: readonly string[],
  wanted: (list: LayerSource['list']) => readonly string[],
  signal: AbortSignal,
): Promise<LayerSource | { error: string }> {
  const places = await Promise.all(folders.map((folder) => listFolder(folder, signal)));
  const failed = places.find((one) => 'error' in one);
  if (failed !== undefined) return failed;
  const listed = places.filter((one) => 'entries' in one);
  const entries = new Map(listed.map((one) => [one.folder, one.entries]));
  const list = (folder: string) => entries.get(folder);
  const files = new Set(wanted(list));
  const texts = new Map<string, FileText>();
  for (const place of listed) {
    const inside = [...files].filter((file) => folderOf(file) === place.folder);
    const fault = inside.length === 0 ? undefined : await readInto(texts, place, inside, signal);
    if (fault !== undefined) return fault;
  }
  return { list, read: (file) => texts.get(file) };
}

/** A folder in the commit of its repository. */
interface CommittedFolder {
  folder: string;
  /** The nearest folder up that is on the disk, and the way down from it: git needs a folder to work in. */
  base: string;
  below: string;
  commit: string;
  entries: FolderEntry[];
}

async function listFolder(folder: string, signal: AbortSignal): Promise<CommittedFolder | { error: string }> {
  const base = nearestFolder(folder);
  const below = base === folder ? '' : `${relativePath(base, folder)}/`;
  const inside = await git(base, ['rev-parse', '--show-prefix'], { signal });
  if ('error' in inside) return inside;
  const head = await git(base, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { signal });
  if ('error' in head) return { error: `the git repository of ${folder} has no commit yet` };
  const commit = head.output.toString().trim();
  const tree = await git(base, ['ls-tree', '-z', commit, ...(below === '' ? [] : ['--', below])], { signal });
  if ('error' in tree) return tree;
  return { folder, base, below, commit, entries: entriesOf(tree.output) };
}

function nearestFolder(folder: string): string {
  let at = folder;
  while (!fs.existsSync(at) && folderOf(at) !== at && folderOf(at) !== '') at = folderOf(at);
  return at;
}

/** Each entry is `MODE TYPE ID<tab>NAME`; what another repository holds (a submodule) is none of ours. */
function entriesOf(listing: Buffer): FolderEntry[] {
  const lines = listing.toString().split('\0').filter(Boolean);
  const entries = lines.flatMap((line): FolderEntry[] => {
    const [, type, name] = /^\d+ (\w+) \w+\t(.*)$/s.exec(line) ?? [];
    if (name === undefined || type === 'commit') return [];
    return [{ name: baseName(name), kind: type === 'tree' ? 'folder' : 'file' }];
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reads files of a folder, all at once; symbolic links lead on within the commit. */
async function readInto(
  texts: Map<string, FileText>,
  { base, below, commit }: CommittedFolder,
  files: readonly string[],
  signal: AbortSignal,
): Promise<{ error: string } | undefined> {
  const input = files.map((file) => `${commit}:./${below}${baseName(file)}\n`).join('');
  const answer = await git(base, ['cat-file', '--batch', '--follow-symlinks'], { signal, input });
  if ('error' in answer) return answer;
  let at = 0;
  for (const file of files) {
    const { text, next } = nextObject(answer.output, at);
    texts.set(file, text);
    at = next;
  }
  return undefined;
}

/** One object of a batch: a line that ends with its size, its bytes, and a line end. */
function nextObject(output: Buffer, start: number): { text: FileText; next: number } {
  const end = output.indexOf('\n', start);
  const header = output.toString('utf8', start, end === -1 ? undefined : end);
  const [, kind, digits] = /(\w+) (\d+)$/.exec(header) ?? [];
  const from = end + 1;
  const size = Number(digits ?? 0);
  const next = digits === undefined ? from : from + size + 1;
  if (kind !== 'blob')
    return { text: { error: 'the commit has a symbolic link here that leads out of it' }, next };
  return { text: sizeFault(size) ?? decode(output.subarray(from, from + size)), next };
}
