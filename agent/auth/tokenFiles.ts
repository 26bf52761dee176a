import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isName, nameRule } from '../../core/text/names.ts';
import { AgentError } from '../failure.ts';
import type { Rights } from './scopes.ts';
import { isToken, newSecret, type Token } from './token.ts';

/**
 * The tokens of a box: a file for each in `tokens/` of the state folder, for its owner's eyes only. They are read when they are
 * asked for, so what `strata-agent token` changes counts at once, and two of those at once never lose each other's work.
 */
export function tokensFolder(state: string): string {
  return path.join(state, 'tokens');
}

/** What a new token is to be. */
export interface NewToken extends Rights {
  name: string;
  expires: number | null;
}

/** Makes a token; its text is told this once. `invalid`. */
export function createToken(state: string, asked: NewToken, now: number): { token: Token; text: string } {
  if (!isName(asked.name))
    throw new AgentError('invalid', `${JSON.stringify(asked.name)} is no name: ${nameRule}`);
  const { id, text, hash } = newSecret();
  const token: Token = { id, hash, ...asked, created: now, revoked: null };
  writeToken(state, token);
  return { token, text };
}

/** The token of an id; `undefined` where there is none. */
export function findToken(state: string, id: string): Token | undefined {
  return readToken(fileOf(state, id));
}

/** All tokens, the oldest first. */
export function listTokens(state: string): Token[] {
  const folder = tokensFolder(state);
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const tokens = files.flatMap((file) => {
    const token = file.endsWith('.json') ? readToken(path.join(folder, file)) : undefined;
    return token === undefined ? [] : [token];
  });
  return tokens.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}

/** From now on the token of an id, or all tokens of a name, are worth nothing; those that it took. `missing`. */
export function revokeTokens(state: string, given: string, now: number): Token[] {
  const found = listTokens(state).filter(({ id, name }) => id === given || name === given);
  if (found.length === 0) throw new AgentError('missing', `there is no token ${given}`);
  const open = found.filter((token) => token.revoked === null);
  for (const token of open) writeToken(state, { ...token, revoked: now });
  return open;
}

function fileOf(state: string, id: string): string {
  return path.join(tokensFolder(state), `${id}.json`);
}

function readToken(file: string): Token | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const token = parsed(text);
  if (isToken(token)) return token;
  throw new AgentError('unavailable', `${file} is no token: remove it, and make a new one`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whoever reads meanwhile sees the token before or after, never a part of it; also after a cut of the power. */
function writeToken(state: string, token: Token): void {
  const folder = tokensFolder(state);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const staged = path.join(folder, `${token.id}.${randomBytes(6).toString('hex')}.new`);
  try {
    fs.writeFileSync(staged, `${JSON.stringify(token, null, 2)}\n`, { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(staged, fileOf(state, token.id));
  } catch (error) {
    fs.rmSync(staged, { force: true });
    throw error;
  }
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
