import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { compactStyle, nodeJson } from '../../core/render/json.ts';
import type { Range } from '../../core/text/range.ts';
import type { LayerNode } from '../../core/yaml/tree.ts';
import { agentFailure } from '../configuration/failures.ts';
import type { Mask } from '../mask/mask.ts';
import { secretParts } from '../mask/secretParts.ts';
import { mapLeaves, secretValues } from '../mask/secretSettings.ts';

/** What is kept from those who look at the configuration of a box. */
export interface Secrets {
  /** Whether a setting is secret by its dotted path, and with it all that is below. */
  isSecret(path: string): boolean;
  /** Of this box alone: equal values look alike, and nobody can try what they may be. */
  salt: Uint8Array;
}

/** Hides from now on what is secret in a configuration, wherever else it stands. */
export function addSecrets(mask: Mask, secrets: Secrets, root: LayerNode): void {
  for (const value of secretValues(root, secrets.isSecret)) mask.add(value);
}

/**
 * The same configuration with `sha256:…` in the place of all secrets: values whose setting's path tells so, private keys, passwords in
 * URLs; and in the place of what is secret elsewhere, in whatever form it stands in another value.
 */
export function withoutSecrets(secrets: Secrets, root: LayerNode, mask: Mask): LayerNode {
  return mapLeaves(root, secrets.isSecret, (node, isSecret) => {
    if (node.kind === 'null' || node.kind === 'missing' || node.kind === 'deleted') return node;
    const json = nodeJson(node, compactStyle);
    if (isSecret) return asText(node, hashed(secrets, json));
    if (node.kind === 'string') return asText(node, hideParts(secrets, node.value, mask));
    return mask.find(json).length > 0 ? asText(node, hashed(secrets, json)) : node;
  });
}

function hideParts(secrets: Secrets, text: string, mask: Mask): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of merged([...secretParts(text), ...mask.find(text)])) {
    shown += text.slice(at, start) + hashed(secrets, JSON.stringify(text.slice(start, end)));
    at = end;
  }
  return shown + text.slice(at);
}

function merged(ranges: readonly Range[]): Range[] {
  const found: Range[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || last.end < start) found.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return found;
}

function asText({ range }: LayerNode, value: string): LayerNode {
  return { kind: 'string', value, range };
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
