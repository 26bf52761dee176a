/** A place of a layer, for people and for editors. */
export interface Place {
  /** The file, seen from the workspace's folder. */
  file: string;
  uri: string;
  /** Counted from 0; characters in the encoding that was agreed with the editor. */
  line: number;
  character: number;
}

/** Whether a value that came over the wire is a place. */
export function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { file, uri, line, character } = value as Record<string, unknown>;
  return (
    typeof file === 'string' &&
    typeof uri === 'string' &&
    typeof line === 'number' &&
    typeof character === 'number'
  );
}
