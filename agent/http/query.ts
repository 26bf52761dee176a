import { AgentError } from '../failure.ts';

/** A whole number from 0 on in the query of an address, where it is there; `invalid`. */
export function countIn(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  return text === null ? undefined : count(key, text);
}

/** A whole number from 0 on; `invalid`. */
export function count(what: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new AgentError('invalid', `${what} must be a whole number from 0 on, not ${JSON.stringify(text)}`);
}
