import { isTrusted } from '../trust.ts';
import type { Parts } from './parts.ts';

type Command = (parts: Parts, ...args: unknown[]) => unknown;

/** A command that does nothing in a workspace that nobody trusts, however it is called. */
export function onlyTrusted(run: Command): Command {
  return (parts, ...args) => (isTrusted() ? run(parts, ...args) : undefined);
}
