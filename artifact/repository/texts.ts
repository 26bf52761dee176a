import { ArtifactError } from '../failure.ts';
import type { CallOptions, Store } from '../store/store.ts';

/** A small object's text, with the tag to replace it by. */
export interface StoredText {
  text: string;
  tag: string;
}

/** Reads a small object; nothing where there is none, `refused` where it has more bytes than it may have. */
export async function readText(
  store: Store,
  key: string,
  mostBytes: number,
  options: CallOptions,
): Promise<StoredText | undefined> {
  try {
    const { head, body } = await store.get(key, options);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      // Leaving the loop ends the stream.
      if (bytes > mostBytes)
        throw new ArtifactError('refused', `${store.url}: ${key} has over ${mostBytes} bytes`);
      chunks.push(chunk);
    }
    return { text: Buffer.concat(chunks).toString('utf8'), tag: head.tag };
  } catch (error) {
    if (isFailure(error, 'missing')) return undefined;
    throw error;
  }
}

/** Whether an error is a failure of this kind. */
export function isFailure(error: unknown, code: ArtifactError['code']): error is ArtifactError {
  return error instanceof ArtifactError && error.code === code;
}

/** The signal alone, as calls of a store take it. */
export function callOptions({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}
