import type { Scope } from '../auth/scopes.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Names } from './match.ts';

/** One address of the API. */
export interface Route {
  method: 'GET' | 'POST';
  /** `:app` and `:id` stand for names. */
  path: string;
  /** What the caller needs, on the app that the path names; the handler looks at the rest. */
  scope: Scope;
  /** The media types that it answers with, the usual one first. */
  types: readonly [string, ...string[]];
  /** Whether callers may show who they are by a name and a password. */
  isBasicAllowed?: boolean;
  /** How a failure is told where that differs. */
  failure?(error: unknown): Answer | undefined;
  handle(call: Call, names: Names, type: string): Promise<Answer>;
}
