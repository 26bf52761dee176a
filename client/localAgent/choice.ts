import { isObject, isOrNull, isText } from '../../protocol/values.ts';

/** What a person has started a local agent for. */
export interface LocalChoice {
  /** The folder of the workspace, as an address. */
  root: string;
  environment: string;
  cluster: string | null;
}

export function isLocalChoice(value: unknown): value is LocalChoice {
  return (
    isObject(value) && isText(value.root) && isText(value.environment) && isOrNull(value.cluster, isText)
  );
}
