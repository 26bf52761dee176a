import type { Readable } from 'node:stream';

/** What a store says of an object without its bytes. */
export interface ObjectInfo {
  /** Its name in the store: parts with `/` between them, no leading `/`. */
  key: string;
  /** In bytes. */
  size: number;
  /** When it was written, in milliseconds since 1970. */
  modified: number;
  /** Differs whenever the bytes do; opaque, for {@link Store.swap}. */
  tag: string;
}

/** An object's head: its metadata too, with keys of lower-case letters, digits and `_`. */
export interface ObjectHead extends ObjectInfo {
  metadata: Record<string, string>;
}

/** Objects below a prefix, a page at a time as the store gives them, in the order of their keys' bytes. */
export interface ObjectPage {
  objects: ObjectInfo[];
  /** With `flat: false`: the names of the folders right below the prefix, without `/`. */
  folders: string[];
}

/** What every call takes: it ends with the code `cancelled` soon after the signal. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Where objects are kept: a directory, S3, a read-only web server. Nothing is ever half-visible in it. All calls throw an
 * `ArtifactError`: `unavailable` after a few tries with a growing pause in between, and the codes named beside them.
 */
export interface Store {
  /** How people name it: a path, `s3://bucket/prefix`, `https://…`. */
  readonly url: string;
  /** The head of an object; nothing where there is none. */
  head(key: string, options?: CallOptions): Promise<ObjectHead | undefined>;
  /** An object's bytes from an offset on; `missing`. The stream fails where the connection does. */
  get(
    key: string,
    options?: CallOptions & { start?: number | undefined },
  ): Promise<{ head: ObjectHead; body: Readable }>;
  /** Makes an object that was not there; `exists`. Visible once it is whole and on the disk. */
  create(key: string, body: Readable, options?: CreateOptions): Promise<ObjectInfo>;
  /** Makes an object of the same bytes and metadata (or other metadata), without moving bytes where it can be; `missing`, `exists`. */
  copy(
    from: string,
    to: string,
    options?: CallOptions & { metadata?: Record<string, string> | undefined },
  ): Promise<void>;
  /** Writes a small text where the object still has the tag (`undefined`: where there is none); `conflict`. */
  swap(key: string, text: string, expected: string | undefined, options?: CallOptions): Promise<ObjectInfo>;
  /** What is below a prefix (a folder with `/` at its end, or empty), to any depth with `flat`. */
  list(prefix: string, options?: CallOptions & { flat?: boolean | undefined }): AsyncIterable<ObjectPage>;
  /** Takes an object away; it need not be there. */
  delete(key: string, options?: CallOptions): Promise<void>;
}

/** What {@link Store.create} takes beside the bytes. */
export interface CreateOptions extends CallOptions {
  /** How many bytes will come, where that is known; other than these is `refused`. */
  size?: number | undefined;
  metadata?: Record<string, string> | undefined;
}
