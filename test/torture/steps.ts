import { FileChangeType, TextDocumentSaveReason } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { changeBetween } from '../../core/yaml/recover.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { inMemory, isManifest, newText, rootsIn, somePlace } from './places.ts';
import { someQuestions } from './questions.ts';
import type { Random } from './random.ts';
import { edited, isBroken, layerText } from './texts.ts';
import { filesOf, type Message, manifestIn, textOf, type World } from './world.ts';

/** Changes the world, and says what an editor would say of it. */
export type Step = (world: World, random: Random) => Message[];

/** One step by chance. */
export function someStep(
  world: World,
  random: Random,
  isOnDisk: boolean,
): { name: string; messages: Message[] } {
  const able = steps.filter((one) => !isOnDisk || one.onDisk);
  let left = random.below(able.reduce((sum, { weight }) => sum + weight, 0));
  for (const { name, weight, step } of able) {
    left -= weight;
    if (left < 0) return { name, messages: step(world, random) };
  }
  return { name: 'nothing', messages: [] };
}

/** All that can happen, each so often beside the others; `onDisk` where the server sees it by watching few folders. */
const steps: readonly { name: string; weight: number; onDisk: boolean; step: Step }[] = [
  { name: 'open', weight: 10, onDisk: true, step: open },
  { name: 'close', weight: 6, onDisk: true, step: close },
  { name: 'edit', weight: 50, onDisk: true, step: edit },
  { name: 'save', weight: 6, onDisk: true, step: save },
  { name: 'write', weight: 12, onDisk: true, step: write },
  { name: 'create', weight: 6, onDisk: true, step: create },
  { name: 'delete', weight: 4, onDisk: true, step: remove },
  { name: 'rename', weight: 5, onDisk: true, step: rename },
  { name: 'check out', weight: 1, onDisk: true, step: checkOut },
  { name: 'manifest', weight: 2, onDisk: false, step: describe },
  { name: 'choose', weight: 3, onDisk: true, step: choose },
  { name: 'folders', weight: 1, onDisk: false, step: changeFolders },
  { name: 'ask', weight: 8, onDisk: true, step: ask },
];

const mostOpen = 8;

function open(world: World, random: Random): Message[] {
  // On the disk the manifest stays: the server has to go on watching the same folders.
  const mayOpen = (file: string) => !world.open.has(file) && (world.base === inMemory || !isManifest(file));
  const closed = filesOf(world).filter(mayOpen);
  const file = random.chance(0.1) ? somePlace(random, world.base) : random.pickOf(closed);
  if (file === undefined || world.open.has(file)) return [];
  const first = world.open.size < mostOpen ? [] : close(world, random);
  const text = world.disk.get(file) ?? newText(random, file);
  world.open.set(file, { text, version: 1 });
  return [...first, didOpen(file, text, 1)];
}

/** What an editor says of a document that it opens. */
export function didOpen(file: string, text: string, version: number): Message {
  const textDocument = { uri: uriOfFile(file), languageId: 'yaml', version, text };
  return { method: 'textDocument/didOpen', params: { textDocument } };
}

function close(world: World, random: Random): Message[] {
  const file = random.pickOf([...world.open.keys()]);
  if (file === undefined) return [];
  world.open.delete(file);
  return [{ method: 'textDocument/didClose', params: { textDocument: { uri: uriOfFile(file) } } }];
}

function edit(world: World, random: Random): Message[] {
  const file = random.pickOf([...world.open.keys()]);
  const before = file === undefined ? undefined : world.open.get(file)?.text;
  if (file === undefined || before === undefined) return open(world, random);
  return changeBuffer(world, file, edited(random, before));
}

/** Gives an open document another text. */
export function changeBuffer(world: World, file: string, text: string): Message[] {
  const document = world.open.get(file);
  if (document === undefined) return [];
  const contentChanges = [changeOf(document.text, text)];
  document.text = text;
  document.version++;
  const textDocument = { uri: uriOfFile(file), version: document.version };
  return [{ method: 'textDocument/didChange', params: { textDocument, contentChanges } }];
}

/** The stretch that differs; the whole text where no position of LSP leads to its ends. */
function changeOf(before: string, after: string) {
  const { start, end, shift } = changeBetween(before, after);
  const document = TextDocument.create('', '', 0, before);
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  const isExact = document.offsetAt(range.start) === start && document.offsetAt(range.end) === end;
  const isWhole = [start, end].some((at) => /[\ud800-\udbff]/.test(before[at - 1] ?? ''));
  return isExact && !isWhole ? { range, text: after.slice(start, end + shift) } : { text: after };
}

function save(world: World, random: Random): Message[] {
  const file = random.pickOf([...world.open.keys()]);
  if (file === undefined) return [];
  const isNew = !world.disk.has(file);
  world.disk.set(file, world.open.get(file)?.text ?? '');
  const textDocument = { uri: uriOfFile(file) };
  return [
    { method: 'textDocument/didSave', params: { textDocument, reason: TextDocumentSaveReason.Manual } },
    filesChanged([[file, isNew ? FileChangeType.Created : FileChangeType.Changed]]),
  ];
}

function write(world: World, random: Random): Message[] {
  const file = random.pickOf([...world.disk.keys()]);
  if (file === undefined || isManifest(file)) return [];
  return writeDisk(
    world,
    file,
    random.chance(0.7) ? edited(random, world.disk.get(file) ?? '') : newText(random, file),
  );
}

/** Puts a text on the disk. */
export function writeDisk(world: World, file: string, text: string): Message[] {
  const type = world.disk.has(file) ? FileChangeType.Changed : FileChangeType.Created;
  world.disk.set(file, text);
  return [filesChanged([[file, type]])];
}

function create(world: World, random: Random): Message[] {
  const file = somePlace(random, world.base);
  return world.disk.size > mostFiles ? remove(world, random) : writeDisk(world, file, newText(random, file));
}

const mostFiles = 35;

function remove(world: World, random: Random): Message[] {
  const file = random.pickOf([...world.disk.keys()]);
  if (file === undefined || isManifest(file) || world.disk.size < 10) return [];
  world.disk.delete(file);
  return [filesChanged([[file, FileChangeType.Deleted]])];
}

function rename(world: World, random: Random): Message[] {
  const from = random.pickOf([...world.disk.keys()]);
  const to = random.chance(0.3)
    ? from?.replace(/ya?ml$/, random.pick(['yml', 'yaml']))
    : somePlace(random, world.base);
  if (from === undefined || to === undefined || from === to || isManifest(from)) return [];
  const isNew = !world.disk.has(to);
  world.disk.set(to, world.disk.get(from) ?? '');
  world.disk.delete(from);
  return [
    filesChanged([
      [from, FileChangeType.Deleted],
      [to, isNew ? FileChangeType.Created : FileChangeType.Changed],
    ]),
  ];
}

/** Many files at once, as when another branch is checked out. */
function checkOut(world: World, random: Random): Message[] {
  return Array.from({ length: 25 }, () =>
    random.pick([write, write, create, remove, rename])(world, random),
  ).flat();
}

function describe(world: World, random: Random): Message[] {
  const manifestFile = manifestIn(world.base);
  const text = newText(random, manifestFile);
  if (world.open.has(manifestFile)) return changeBuffer(world, manifestFile, text);
  if (random.chance(0.8)) return writeDisk(world, manifestFile, text);
  if (!world.disk.delete(manifestFile)) return [];
  return [filesChanged([[manifestFile, FileChangeType.Deleted]])];
}

function choose(world: World, random: Random): Message[] {
  const chosen = random.pickOf(world.contexts);
  if (chosen === undefined) return [];
  world.chosen = chosen;
  return [{ method: 'strata/setContext', params: chosen, isRequest: true }];
}

function changeFolders(world: World, random: Random): Message[] {
  const folder = random.pick(rootsIn(world.base));
  const isOpen = world.folders.includes(folder);
  world.folders = isOpen ? world.folders.filter((one) => one !== folder) : [...world.folders, folder];
  const change = [{ uri: uriOfFile(folder), name: folder }];
  const event = { added: isOpen ? [] : change, removed: isOpen ? change : [] };
  return [{ method: 'workspace/didChangeWorkspaceFolders', params: { event } }];
}

/** A question in the middle of changes. */
function ask(world: World, random: Random): Message[] {
  return someQuestions(world, random, 1).map((one) => ({ ...one, isRequest: true }));
}

function filesChanged(files: readonly (readonly [string, FileChangeType])[]): Message {
  const changes = files.map(([file, type]) => ({ uri: uriOfFile(file), type }));
  return { method: 'workspace/didChangeWatchedFiles', params: { changes } };
}

/**
 * Makes every text YAML again: what a broken one says depends on what it said before, which a new server has
 * not seen.
 */
export function mend(world: World, random: Random): Message[] {
  return filesOf(world).flatMap((file) => {
    if (isManifest(file) || !isBroken(textOf(world, file) ?? '')) return [];
    const text = layerText(random);
    return world.open.has(file) ? changeBuffer(world, file, text) : writeDisk(world, file, text);
  });
}

/** A text that is broken, by chance, where the given one is not. */
export function brokenText(random: Random, text: string): string | undefined {
  const at = random.below(text.length + 1);
  const broken =
    text.slice(0, at) + random.pick(['"', '[', '{', '\n\t- a: [', ': :', '\n  x\n y: 1\n']) + text.slice(at);
  return isBroken(broken) ? broken : undefined;
}
