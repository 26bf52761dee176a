/**
 * What a token may do: `read` look at apps and deployments, `deploy` and `rollback` those, `admin` all of that, and take away
 * releases. Who may deploy or roll back may also read.
 */
export const scopes = ['read', 'deploy', 'rollback', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** What somebody may do, on which apps and channels; patterns have `*` for any letters. */
export interface Rights {
  scopes: readonly Scope[];
  apps: readonly string[];
  channels: readonly string[];
}

/** Something that is asked for. Without an app, or a channel, it is about none in particular. */
export interface Need {
  scope: Scope;
  app?: string | undefined;
  channel?: string | undefined;
}

/** Those who may do all. */
export const allRights: Rights = { scopes: ['admin'], apps: ['*'], channels: ['*'] };

/** Whether the rights are enough. */
export function mayDo(rights: Rights, { scope, app, channel }: Need): boolean {
  return (
    rights.scopes.some((one) => includes(one, scope)) &&
    (app === undefined || matchesAny(rights.apps, app)) &&
    (channel === undefined || matchesAny(rights.channels, channel))
  );
}

function includes(has: Scope, needs: Scope): boolean {
  return has === needs || has === 'admin' || needs === 'read';
}

function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern, name));
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
