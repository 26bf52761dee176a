import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { compactStyle, nodeJson } from '../../core/render/json.ts';
import type { LayerNode } from '../../core/yaml/tree.ts';
import { agentFailure } from '../configuration/failures.ts';

/** What is kept from those who look at the configuration of a box. */
export interface Secrets {
  /** Whether a setting is secret by its dotted path, and with it all that is below. */
  isSecret(path: string): boolean;
  /** Of this box alone: equal values look alike, and nobody can try what they may be. */
  salt: Uint8Array;
}

/**
 * The same value with `sha256:…` in the place of all secrets: values whose setting's path tells so, private keys, and passwords in URLs.
 * @param path where the value stands.
 */
export function withoutSecrets(
  secrets: Secrets,
  node: LayerNode,
  path: readonly string[] = [],
  isSecret = false,
): LayerNode {
  switch (node.kind) {
    case 'mapping': {
      const entries = [...node.entries].map(([key, entry]) => {
        const at = [...path, key];
        const isBelow = isSecret || secrets.isSecret(at.join('.'));
        return [key, { ...entry, value: withoutSecrets(secrets, entry.value, at, isBelow) }] as const;
      });
      return { ...node, entries: new Map(entries) };
    }
    case 'list':
      return { ...node, items: node.items.map((item) => withoutSecrets(secrets, item, path, isSecret)) };
    case 'null':
    case 'missing':
    case 'deleted':
      return node;
    default:
      return isSecret
        ? asText(node, hashed(secrets, nodeJson(node, compactStyle)))
        : withoutOwnSecrets(secrets, node);
  }
}

/** What is secret whatever its setting is called. */
function withoutOwnSecrets(secrets: Secrets, node: LayerNode): LayerNode {
  if (node.kind !== 'string') return node;
  const hide = (text: string) => hashed(secrets, JSON.stringify(text));
  if (privateKey.test(node.value)) return asText(node, hide(node.value));
  return asText(
    node,
    node.value.replace(urlPassword, (_, before, password) => `${before}${hide(password)}@`),
  );
}

function asText({ range }: LayerNode, value: string): LayerNode {
  return { kind: 'string', value, range };
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:)([^\s/?#]+)@/gi;

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
