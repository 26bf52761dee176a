import type { Edit } from '../../text/edits.ts';

/** Something that can be put in at the cursor. */
export interface Completion {
  label: string;
  kind: 'setting' | 'group' | 'value' | 'tag' | 'folder';
  /** A word beside the label. */
  detail?: string;
  /** Offered in the order of this text. */
  sort: string;
  edit: Edit;
  /** What is compared with what was typed, where it is not the label. */
  filter?: string;
  /** What it is, where that is known at once. */
  documentation?: string;
  /** The setting that it names: what there is to say of it is looked up when it is asked for. */
  setting?: string[];
}

/** A text that sorts as the number. */
export function sortText(group: number, index: number): string {
  return `${group}${String(index).padStart(5, '0')}`;
}
