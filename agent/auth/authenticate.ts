import { AgentError } from '../failure.ts';
import type { FailureLimit } from './failureLimit.ts';
import { allRights, type Rights } from './scopes.ts';
import { isSecretOf, readTokenText, type Token } from './token.ts';
import { findToken } from './tokenFiles.ts';

/** Somebody who was let in. */
export interface Caller {
  /** As the audit log names them. */
  name: string;
  rights: Rights;
  /** Of the token; `undefined` for the unix socket. */
  token: string | undefined;
}

/** What a request says of who sends it. */
export interface Credentials {
  /** The header `Authorization`. */
  authorization: string | undefined;
  /** Whether a name and a password may stand there (Basic): yodeploy's clients send those. */
  isBasicAllowed: boolean;
  /** Where it comes from. */
  address: string;
}

/** Whoever may open the unix socket may do all; `claimed` is who they say they are. */
export function socketCaller(claimed: string | undefined): Caller {
  return {
    name: claimed === undefined ? 'socket' : `${claimed} (socket)`,
    rights: allRights,
    token: undefined,
  };
}

/** Finds out who sends a request by their token; `unauthenticated`, `limited`. */
export function authenticate(
  state: string,
  limit: FailureLimit,
  { authorization, isBasicAllowed, address }: Credentials,
  now: number = Date.now(),
): Caller {
  const wait = limit.wait(address);
  if (wait > 0) {
    throw new AgentError('limited', 'there were too many wrong tokens from your address: wait a minute', {
      retryAfter: Math.ceil(wait / 1000),
    });
  }
  if (authorization === undefined) throw new AgentError('unauthenticated', 'send a token of this agent');
  const { text, name } = givenToken(authorization, isBasicAllowed) ?? {};
  const token = text === undefined ? undefined : rightToken(state, text, now);
  if (token !== undefined && (name === undefined || name === token.name)) {
    return { name: token.name, rights: token, token: token.id };
  }
  limit.note(address);
  // What is wrong with it is nobody's business but that of whoever runs the box: `strata-agent token list` tells.
  throw new AgentError('unauthenticated', 'the token is wrong, expired or revoked');
}

function rightToken(state: string, text: string, now: number): Token | undefined {
  const read = readTokenText(text);
  const token = read === undefined ? undefined : findToken(state, read.id);
  if (read === undefined || token === undefined || !isSecretOf(token, read.secret)) return undefined;
  const isOver = token.revoked !== null || (token.expires !== null && token.expires <= now);
  return isOver ? undefined : token;
}

function givenToken(
  authorization: string,
  isBasicAllowed: boolean,
): { text: string; name?: string } | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { text: value };
  if (scheme.toLowerCase() !== 'basic' || !isBasicAllowed) return undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : { name: pair.slice(0, colon), text: pair.slice(colon + 1) };
}
