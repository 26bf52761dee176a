import type { Layer } from '../yaml/layer.ts';

/** What of a layer can be had again by reading its file. */
export type Content = Pick<Layer, 'text' | 'lines' | 'root'>;

/** Keeps the contents that were looked at last. */
export interface ContentCache {
  /**
   * A layer whose content is kept for as long as there is room, and read again after that.
   * @param isWanted whether the content is looked at now: else it is kept only where there is plenty of room.
   */
  hold(layer: Layer, readAgain: ReadAgain, isWanted: boolean): Layer;
  /** Keeps the content of a layer that was given out no longer. */
  letGo(held: Layer): void;
  /** Likewise of all layers. */
  letGoAll(): void;
}

/** Reads the file of a layer anew. */
export type ReadAgain = (layer: Layer) => Content;

/** @param most how much text is kept in all, in UTF-16 code units; the trees take some ten times as much. */
export function contentCache(most: number): ContentCache {
  const kept = new Map<Layer, Content>();
  let size = 0;
  const put = (layer: Layer, content: Content) => {
    kept.set(layer, content);
    size += content.text.length;
    for (const [oldest, { text }] of kept) {
      if (size <= most || oldest === layer) break;
      kept.delete(oldest);
      size -= text.length;
    }
  };
  const contentOf = (layer: Layer, readAgain: ReadAgain) => {
    const known = kept.get(layer);
    if (known === undefined) {
      const again = readAgain(layer);
      put(layer, again);
      return again;
    }
    // What was looked at last stands last.
    kept.delete(layer);
    kept.set(layer, known);
    return known;
  };
  // All layers of a store are read again in the same way.
  const holders = new Map<ReadAgain, Holder>();
  const holderOf = (readAgain: ReadAgain) => {
    const holder = holders.get(readAgain) ?? { contentOf, readAgain };
    holders.set(readAgain, holder);
    return holder;
  };
  return {
    hold({ file, problems, stale, text, lines, root }, readAgain, isWanted) {
      const layer = new HeldLayer(file, problems, stale, holderOf(readAgain));
      if (isWanted || (size + text.length) * 10 <= most) put(layer, { text, lines, root });
      return layer;
    },
    letGoAll() {
      kept.clear();
      size = 0;
    },
    letGo(held) {
      size -= kept.get(held)?.text.length ?? 0;
      kept.delete(held);
    },
  };
}

/** Where the content of a layer comes from; one for all layers. */
interface Holder {
  contentOf: (layer: Layer, readAgain: ReadAgain) => Content;
  readAgain: ReadAgain;
}

/** A layer that asks for its content. The getters stand in a class because there are thousands of layers. */
class HeldLayer implements Layer {
  readonly file: string;
  readonly problems: Layer['problems'];
  readonly stale: boolean;
  readonly #holder: Holder;

  constructor(file: string, problems: Layer['problems'], stale: boolean, holder: Holder) {
    this.file = file;
    this.problems = problems;
    this.stale = stale;
    this.#holder = holder;
  }

  get text(): string {
    return this.#content().text;
  }

  get lines(): Layer['lines'] {
    return this.#content().lines;
  }

  get root(): Layer['root'] {
    return this.#content().root;
  }

  #content(): Content {
    return this.#holder.contentOf(this, this.#holder.readAgain);
  }
}
