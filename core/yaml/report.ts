import type { Problem } from '../problem.ts';

/** Where the problems of one file are gathered while it is read. */
export interface Report {
  file: string;
  problems: Problem[];
}
