import { isObject, isText } from '../../protocol/values.ts';

/** What a command about logs was called on, as far as it was told: the rest is asked. */
export interface LogTarget {
  /** The workspace of the box, as an address. */
  root?: string;
  environment?: string;
  box?: string;
  app?: string;
  deployment?: string;
}

/**
 * Reads the argument of a command: of texts, of things with a name (boxes, apps), or a node of the tree of boxes, which has such things.
 */
export function readTarget(value: unknown): LogTarget {
  if (!isObject(value)) return {};
  const { box, workspace } = value;
  const root =
    textOf(value.root, []) ?? rootOf(workspace) ?? (isObject(box) ? rootOf(box.workspace) : undefined);
  const found = {
    root,
    environment: textOf(value.environment, ['name']),
    box: textOf(box, ['name']),
    app: textOf(value.app, ['app', 'name']) ?? textOf(value.status, ['app']),
    deployment: textOf(value.deployment, ['id']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, text]) => text !== undefined));
}

function rootOf(workspace: unknown): string | undefined {
  return textOf(workspace, ['root']);
}

/** A text, or that under a key of an object. */
function textOf(value: unknown, keys: readonly string[]): string | undefined {
  if (isText(value)) return value;
  if (!isObject(value)) return undefined;
  return keys.map((key) => value[key]).find(isText);
}
