import { linkFault } from './links.ts';
import { type ByteName, shownName } from './names.ts';
import { refusal } from './tarFields.ts';
import type { ReadEntry } from './tarReader.ts';

/** Looks at what of an archive is not unpacked: what must not be in it makes all of it refused, wherever it stands. */
export interface LeftOut {
  /** An entry, and whether it is unpacked. */
  entry(entry: ReadEntry, isKept: boolean): void;
  /** To be called behind the last one. */
  end(): void;
}

/** @param top the one folder that the archive has, where that is known. */
export function leftOut(top: ByteName | undefined): LeftOut {
  const links = new Map<ByteName, ByteName>();
  const unseen: ByteName[] = [];
  return {
    entry(entry, isKept) {
      const { name, kind, target } = entry;
      if (!isKept) checkTop(entry, top);
      if (kind !== 'link') return;
      links.set(name, target);
      if (!isKept) unseen.push(name);
    },
    end() {
      for (const name of unseen) {
        const fault = linkFault(name, links, top === undefined ? 0 : 1);
        if (fault === undefined) continue;
        throw refusal(`the symbolic link ${shownName(name)}: ${fault} (${shownName(links.get(name) ?? '')})`);
      }
    },
  };
}

/** Refuses what does not stand in the one folder of an archive; `./`, the folder that is unpacked into, is nobody's. */
export function checkTop({ name, kind }: ReadEntry, top: ByteName | undefined): void {
  if (name === '' || top === undefined) return;
  if (name.startsWith(`${top}/`) || (name === top && kind === 'folder')) return;
  throw refusal(`${shownName(name)} is not in its folder ${shownName(top)}`);
}
