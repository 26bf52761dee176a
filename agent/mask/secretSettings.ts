import { compactStyle, nodeJson } from '../../core/render/json.ts';
import type { LayerNode } from '../../core/yaml/tree.ts';
import { secretParts } from './secretParts.ts';

const words = 'pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|keys?|credentials?|creds|authorization|salt';

/**
 * What names a secret by itself: one of these words as a part of a setting's last name, as in `db.password`, `api_key`,
 * `smtp.auth-token`. `monkey` and `keyboard` are none, nor is `public_key`.
 */
const defaultSecretPattern: RegExp = new RegExp(
  `(?:^|\\.)(?!(?:[^.]*[_-])?public(?:[_-]|$))(?:[^.]*[_-])?(?:${words})(?:[_-][^.]*)?$`,
);

/** Patterns as one that fits where any of them does; those that usually name secrets where nothing is said. */
export function secretPattern(patterns: readonly RegExp[] | undefined): RegExp {
  if (patterns === undefined) return defaultSecretPattern;
  if (patterns.length === 0) return /(?!)/;
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'iu');
}

/**
 * Whether a setting's value must not be told, by its dotted path alone. The path is matched as it is, and with its
 * names as `api_key` where they are `apiKey`. What is in a list has the path of the list.
 */
export function isSecretSetting(path: string, pattern: RegExp = defaultSecretPattern): boolean {
  return pattern.test(path) || pattern.test(withUnderscores(path));
}

function withUnderscores(path: string): string {
  return path.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** A value that is no mapping and no list. */
type Leaf = Exclude<LayerNode, { kind: 'mapping' | 'list' }>;

/**
 * The one definition of what is secret in a configuration: a copy of it with each leaf replaced.
 * @param isSecretPath whether a setting is secret by its dotted path, and with it all that is below.
 */
export function mapLeaves(
  node: LayerNode,
  isSecretPath: (path: string) => boolean,
  leaf: (node: Leaf, isSecret: boolean) => LayerNode,
): LayerNode {
  const visit = (at: LayerNode, path: readonly string[], isSecret: boolean): LayerNode => {
    if (at.kind === 'list') return { ...at, items: at.items.map((item) => visit(item, path, isSecret)) };
    if (at.kind !== 'mapping') return leaf(at, isSecret);
    const entries = [...at.entries].map(([key, entry]) => {
      const below = [...path, key];
      const value = visit(entry.value, below, isSecret || isSecretPath(below.join('.')));
      return [key, { ...entry, value }] as const;
    });
    return { ...at, entries: new Map(entries) };
  };
  return visit(node, [], false);
}

/**
 * The values of a configuration that must not be told: strings and numbers of settings whose path tells so and of all that lies below
 * them; and under any name private keys, and passwords in URLs. Numbers as they are written.
 */
export function secretValues(
  root: LayerNode,
  isSecretPath: (path: string) => boolean = isSecretSetting,
): string[] {
  const found = new Set<string>();
  mapLeaves(root, isSecretPath, (node, isSecret) => {
    for (const one of valuesOf(node, isSecret)) found.add(one);
    return node;
  });
  return [...found];
}

function valuesOf(node: Leaf, isSecret: boolean): string[] {
  if (node.kind === 'integer' || node.kind === 'float') {
    return isSecret ? [nodeJson(node, compactStyle), `${node.value}`] : [];
  }
  if (node.kind !== 'string') return [];
  const { value } = node;
  const parts = isSecret ? [value] : secretParts(value).map(({ start, end }) => value.slice(start, end));
  return parts.flatMap((part) => (part === value ? [part] : [part, decoded(part)]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
