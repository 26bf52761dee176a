/** Numbers for settings: each dotted path of a workspace has one, and the empty path has 0. */
export interface PathTable {
  /** The number of a key below a path; a new one where there is none. */
  child(parent: number, key: string): number;
  /** The number of a path; `undefined` for one that nobody has named. */
  find(path: readonly string[]): number | undefined;
  /** The path above; 0 for the topmost keys. */
  parent(id: number): number;
  /** The last key of a path. */
  key(id: number): string;
  path(id: number): string[];
  /** How many numbers there are: all below this one. */
  size(): number;
}

/** Room for as many different keys beside each parent's number in one exact JavaScript number. */
const mostKeys = 2 ** 22;

/** Starts with the empty path alone. Numbers are never given back: what was named once can be named again. */
export function pathTable(): PathTable {
  const keyIds = new Map<string, number>();
  const keys: string[] = [];
  const parents: number[] = [0];
  const ownKeys: number[] = [-1];
  const children = new Map<number, number>();
  const idOfKey = (key: string): number => {
    const known = keyIds.get(key);
    if (known !== undefined) return known;
    const own = detached(key);
    keys.push(own);
    keyIds.set(own, keys.length - 1);
    return keys.length - 1;
  };
  const key = (id: number) => keys[ownKeys[id] ?? -1] ?? '';
  const parent = (id: number) => parents[id] ?? 0;
  return {
    child(above, name) {
      const keyId = idOfKey(name);
      const at = above * mostKeys + keyId;
      const known = children.get(at);
      if (known !== undefined) return known;
      children.set(at, parents.length);
      parents.push(above);
      ownKeys.push(keyId);
      return parents.length - 1;
    },
    find(path) {
      let id: number | undefined = 0;
      for (const name of path) {
        const keyId = keyIds.get(name);
        id = keyId === undefined || id === undefined ? undefined : children.get(id * mostKeys + keyId);
      }
      return id;
    },
    parent,
    key,
    path(id) {
      const path: string[] = [];
      for (let at = id; at !== 0; at = parent(at)) path.push(key(at));
      return path.reverse();
    },
    size: () => parents.length,
  };
}

/** The same text, without the file's text that it was cut from being kept with it. */
function detached(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
