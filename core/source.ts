/** One name in a folder. A symbolic link counts as what it points to. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
  /** For a link to a folder: the real path of that folder. */
  target?: string;
}

/**
 * A file's text without a byte order mark, with what is wrong with its bytes, if anything; or why it cannot
 * be had at all, in words for a person.
 */
export type FileText =
  | {
      text: string;
      fault?: { message: string; offset: number };
      /** An editor has it open: a text that breaks later is read in the light of this one. */
      isOpen?: boolean;
    }
  | { error: string };

/**
 * Where layers come from: the disk, open buffers over the disk, or a map in a test. The core reads
 * nothing in any other way.
 */
export interface LayerSource {
  /** The names in a folder, in the order of their code units; `undefined` when there is no such folder. */
  list(folder: string): FolderEntry[] | undefined;
  /** The text of a file; `undefined` when there is no such file. */
  read(file: string): FileText | undefined;
}
