import type { Layer } from '../yaml/layer.ts';

/** What of a layer can be had again by reading its file. */
export type Content = Pick<Layer, 'text' | 'lines' | 'root'>;

/** Keeps the contents that were looked at last. */
export interface ContentCache {
  /**
   * A layer whose content is kept for as long as there is room, and read again after that.
   * @param isWanted whether the content is looked at now: else it is kept only where there is plenty of room.
   */
  hold(layer: Layer, readAgain: () => Content, isWanted: boolean): Layer;
  /** Keeps the content of a layer that was given out no longer. */
  letGo(held: Layer): void;
}

/** @param most how much text is kept in all, in UTF-16 code units; the trees take some ten times as much. */
export function contentCache(most: number): ContentCache {
  const kept = new Map<Layer, Content>();
  let size = 0;
  const put = (key: Layer, content: Content) => {
    kept.set(key, content);
    size += content.text.length;
    for (const [oldest, { text }] of kept) {
      if (size <= most || oldest === key) break;
      kept.delete(oldest);
      size -= text.length;
    }
  };
  const take = (key: Layer) => {
    const content = kept.get(key);
    if (content === undefined) return undefined;
    // What was looked at last stands last.
    kept.delete(key);
    kept.set(key, content);
    return content;
  };
  return {
    hold({ file, problems, stale, text, lines, root }, readAgain, isWanted) {
      const content = () => {
        const known = take(held);
        if (known !== undefined) return known;
        const again = readAgain();
        put(held, again);
        return again;
      };
      const held: Layer = {
        file,
        problems,
        stale,
        get text() {
          return content().text;
        },
        get lines() {
          return content().lines;
        },
        get root() {
          return content().root;
        },
      };
      if (isWanted || (size + text.length) * 10 <= most) put(held, { text, lines, root });
      return held;
    },
    letGo(held) {
      size -= kept.get(held)?.text.length ?? 0;
      kept.delete(held);
    },
  };
}
