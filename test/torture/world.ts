import type { ContextName } from '../../protocol/contexts.ts';
import { firstManifest, newText, rootsIn, somePlace } from './places.ts';
import { randomFrom } from './random.ts';

/** All that an editor and a disk hold: what a new server has to be told to be where another one is. */
export interface World {
  /** The folder that all files lie in. */
  base: string;
  disk: Map<string, string>;
  open: Map<string, OpenFile>;
  folders: string[];
  chosen: ContextName | undefined;
  /** The contexts that the server has told of last. */
  contexts: readonly ContextName[];
}

export interface OpenFile {
  text: string;
  version: number;
}

/** Something to be sent to the server. */
export interface Message {
  method: string;
  params: unknown;
  /** It is a question; the answer does not matter. */
  isRequest?: true;
}

/** A workspace of some 25 files, nothing open. */
export function startWorld(seed: number, base: string): World {
  const random = randomFrom(seed, 0);
  const manifest = manifestIn(base);
  const disk = new Map([[manifest, firstManifest]]);
  while (disk.size < 25) {
    const file = somePlace(random, base);
    disk.set(file, newText(random, file));
  }
  return { base, disk, open: new Map(), folders: rootsIn(base), chosen: undefined, contexts: [] };
}

export function manifestIn(base: string): string {
  return `${base}/main/strata.yaml`;
}

/** Every file there is, in buffers or on the disk. */
export function filesOf({ disk, open }: World): string[] {
  return [...new Set([...disk.keys(), ...open.keys()])].sort();
}

/** What the server sees of a file; `undefined` where there is none. */
export function textOf({ disk, open }: World, file: string): string | undefined {
  return open.get(file)?.text ?? disk.get(file);
}
