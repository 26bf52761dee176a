import type { Range } from '../../core/text/range.ts';

/** What is wrong with a config file, and where; lines and columns count from 1. */
export interface ConfigFault {
  file: string;
  line: number;
  column: number;
  message: string;
}

/** The same by its place in the text. */
export interface PlacedFault {
  range: Range;
  message: string;
}

/** `FILE:LINE:COLUMN: MESSAGE` */
export function faultText({ file, line, column, message }: ConfigFault): string {
  return `${file}:${line}:${column}: ${message}`;
}
