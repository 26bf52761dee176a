import { isListOf, isObject, isOrNull, isText } from '../../protocol/values.ts';

/** Which deployments a tail shows. */
export interface TailQuestion {
  boxes: BoxName[];
  /** All apps for `null`. */
  app: string | null;
  /** Those that run and that begin, with the last one of each box or without it; or one by its id. */
  which: 'last' | 'new' | { deployment: string };
}

/** A box by its workspace and its name there. */
export interface BoxName {
  root: string;
  name: string;
}

export function isTailQuestion(value: unknown): value is TailQuestion {
  if (!isObject(value)) return false;
  const { boxes, app, which } = value;
  const isWhich = which === 'last' || which === 'new' || (isObject(which) && isText(which.deployment));
  return isListOf(boxes, isBoxName) && isOrNull(app, isText) && isWhich;
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
