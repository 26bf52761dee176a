import { checkArtifactName } from '../../artifact/names.ts';
import { isName, nameRule } from '../../core/text/names.ts';
import { AgentError } from '../failure.ts';
import { HttpError } from './problem.ts';
import type { Route } from './route.ts';

/** What a path names. */
export type Names = Readonly<Record<string, string>>;

/** The route of a request and the names in its path, which are right from here on; 400, 404, 405. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; names: Names } {
  const parts = path.split('/');
  const here = routes.filter((route) => fits(route, parts));
  if (here.length === 0) throw new HttpError(404, 'there is nothing here: docs/agent.md lists all addresses');
  const asked = method === 'HEAD' ? 'GET' : method;
  const route = here.find((one) => one.method === asked);
  if (route !== undefined) return { route, names: namesIn(route, parts) };
  const allowed = here.flatMap((one) => (one.method === 'GET' ? ['GET', 'HEAD'] : [one.method]));
  throw new HttpError(405, `here goes ${allowed.join(', ')} only`, { allow: allowed.join(', ') });
}

function fits({ path }: Route, parts: readonly string[]): boolean {
  const pattern = path.split('/');
  return (
    pattern.length === parts.length &&
    pattern.every((one, at) => (one.startsWith(':') ? parts[at] !== '' : one === parts[at]))
  );
}

function namesIn({ path }: Route, parts: readonly string[]): Names {
  const named = path.split('/').flatMap((one, at) => {
    if (!one.startsWith(':')) return [];
    const key = one.slice(1);
    return [[key, checkedName(key, decoded(parts[at] ?? ''))] as const];
  });
  return Object.fromEntries(named);
}

function checkedName(key: string, text: string): string {
  if (key === 'app') return checkArtifactName('an app', text);
  if (isName(text)) return text;
  throw new AgentError('invalid', `${JSON.stringify(text)} cannot be the id of a deployment: ${nameRule}`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AgentError('invalid', `${JSON.stringify(part)} is no part of a path`);
  }
}
