import { isListOf, isObject, isOrNull, isText, isTime } from '../../protocol/values.ts';

/** Which deployments a tail shows. */
export interface TailQuestion {
  boxes: BoxName[];
  /** All apps for `null`. */
  app: string | null;
  /** Those that run and that begin, with the last one of each box, without it, or from a beginning on; or only one by its id. */
  which: 'last' | 'new' | { deployment: string } | Beginning;
}

/** Where boxes begin: one with the deployment that is named here, another with what was begun since then, in milliseconds since 1970. */
export interface Beginning {
  from: Record<string, string>;
  since: number;
}

/** A box by its workspace and its name there. */
export interface BoxName {
  root: string;
  name: string;
}

export function isTailQuestion(value: unknown): value is TailQuestion {
  if (!isObject(value)) return false;
  const { boxes, app, which } = value;
  return isListOf(boxes, isBoxName) && isOrNull(app, isText) && isWhich(which);
}

function isWhich(value: unknown): value is TailQuestion['which'] {
  if (!isObject(value)) return value === 'last' || value === 'new';
  const { deployment, from, since } = value;
  return isText(deployment) || (isTime(since) && isObject(from) && Object.values(from).every(isText));
}

/** The deployment that is asked for alone. */
export function onlyOne(which: TailQuestion['which']): string | undefined {
  return typeof which === 'object' && 'deployment' in which ? which.deployment : undefined;
}

function isBoxName(value: unknown): value is BoxName {
  return isObject(value) && isText(value.root) && isText(value.name);
}

/** What boxes are called where they stand together: by their names, and by their workspaces where two have the same name. */
export function boxLabels(boxes: readonly BoxName[]): string[] {
  return boxes.map(({ root, name }) => {
    const isAlone = boxes.filter((one) => one.name === name).length === 1;
    return isAlone ? name : `${name}@${root.split('/').filter(Boolean).at(-1) ?? root}`;
  });
}
