import { isObject, isOrNull, isText } from './values.ts';

/** What the language server is asked to write about boxes: each is answered by a `WorkspaceEdit` of LSP, or fails in words. */
export const boxesMethods = {
  /** Request with `AddBoxParams`. */
  add: 'strata/addBox',
  /** Request with `RemoveBoxParams`. */
  remove: 'strata/removeBox',
} as const;

/** The workspace is named by its root, as in `strata/workspaces`. */
export interface AddBoxParams {
  root: string;
  box: { name: string; url: string; environment: string; cluster: string | null };
}

export interface RemoveBoxParams {
  root: string;
  name: string;
}

export function isAddBoxParams(value: unknown): value is AddBoxParams {
  if (!isObject(value) || !isText(value.root) || !isObject(value.box)) return false;
  const { name, url, environment, cluster } = value.box;
  return [name, url, environment].every(isText) && isOrNull(cluster, isText);
}

export function isRemoveBoxParams(value: unknown): value is RemoveBoxParams {
  return isObject(value) && isText(value.root) && isText(value.name);
}
