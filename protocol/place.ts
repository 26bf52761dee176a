import { isCount, isObject, isText } from './values.ts';

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
  return (
    isObject(value) &&
    isText(value.file) &&
    isText(value.uri) &&
    isCount(value.line) &&
    isCount(value.character)
  );
}
