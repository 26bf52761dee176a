import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { compactStyle, nodeJson } from '../../core/render/json.ts';
import type { LayerNode } from '../../core/yaml/tree.ts';
import { agentFailure } from '../configuration/failures.ts';

/** The settings whose values nobody is to see, by their dotted paths, where the box says nothing else. */
export const usualSecrets: readonly RegExp[] = [
  /pass(word|wd|phrase)|(^|[._-])pass($|[._-])|secret|token|credential|(api|private|access|signing|encryption)[_-]?key|(^|[._-])dsn($|[._-])/i,
];

/** What is kept from those who look at the configuration of a box. */
export interface Secrets {
  /** Settings whose dotted paths fit one of these are secret, with all that is below them. */
  patterns: readonly RegExp[];
  /** Of this box alone: equal values look alike, and nobody can try what they may be. */
  salt: Uint8Array;
}

/**
 * The same value with `sha256:…` in the place of all secrets: values whose setting's path fits, private keys, and passwords in URLs.
 * @param path where the value stands.
 */
export function withoutSecrets(secrets: Secrets, node: LayerNode, path: readonly string[] = []): LayerNode {
  switch (node.kind) {
    case 'mapping': {
      const entries = [...node.entries].map(
        ([key, entry]) =>
          [key, { ...entry, value: withoutSecrets(secrets, entry.value, [...path, key]) }] as const,
      );
      return { ...node, entries: new Map(entries) };
    }
    case 'list':
      return { ...node, items: node.items.map((item) => withoutSecrets(secrets, item, path)) };
    case 'null':
    case 'missing':
    case 'deleted':
      return node;
    default:
      return withoutSecret(secrets, node, path);
  }
}

function withoutSecret(
  secrets: Secrets,
  node: Exclude<LayerNode, { kind: 'mapping' | 'list' }>,
  path: readonly string[],
): LayerNode {
  const hidden = (text: string): LayerNode => ({ kind: 'string', value: text, range: node.range });
  const name = path.join('.');
  if (secrets.patterns.some((one) => isFitting(one, name))) {
    return hidden(hashed(secrets, nodeJson(node, compactStyle)));
  }
  if (node.kind !== 'string') return node;
  if (privateKey.test(node.value)) return hidden(hashed(secrets, JSON.stringify(node.value)));
  return hidden(
    node.value.replace(
      urlPassword,
      (_, before, password) => `${before}${hashed(secrets, JSON.stringify(password))}@`,
    ),
  );
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:)([^\s/?#]+)@/gi;

/** A pattern with `g` would go on where it last found something. */
function isFitting(pattern: RegExp, name: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(name);
}

/** So much of a hash tells values apart. */
const digits = 32;

/** What stands for a secret value, given as JSON. */
export function hashed({ salt }: Secrets, json: string): string {
  return `sha256:${createHmac('sha256', salt).update(json).digest('hex').slice(0, digits)}`;
}

const saltBytes = 32;

/** The salt of a box, from a file that is made where it is not there yet, for the agent's eyes only. */
export async function boxSalt(file: string): Promise<Uint8Array> {
  const staged = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(staged, randomBytes(saltBytes), { mode: 0o600, flag: 'wx', flush: true });
    // Whoever made it first counts.
    await fs.link(staged, file).catch(ignoreExisting);
    return await fs.readFile(file);
  } catch (error) {
    throw agentFailure(`${file} could not be made`, error);
  } finally {
    await fs.rm(staged, { force: true });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
