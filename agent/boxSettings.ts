import type { AgentConfig } from './config/config.ts';
import type { ConfigurationSettings, FileOwner } from './configuration/settings.ts';
import { gateOf } from './deploy/health/healthGate.ts';
import type { AppSettings } from './deploy/settings.ts';
import { groupNumber, userNumbers } from './users.ts';

/** How deployments of an app are done, by the config; `invalid` where it names a user whom the box does not have. */
export function appSettings(config: AgentConfig, app: string): AppSettings {
  const { environment, cluster, hooks, keep, apps, limits } = config;
  const own = apps.get(app);
  return {
    environment,
    cluster,
    user: ownerOf(config, app),
    hookTimeoutMs: own?.timeout ?? hooks.timeout,
    hookOutput: limits.logBytes,
    health: own?.health === undefined ? undefined : gateOf(own.health),
    keep: own?.keep ?? keep,
  };
}

/** Whom an app belongs to: only root can give things away. `invalid`. */
export function ownerOf({ hooks, apps }: AgentConfig, app: string): FileOwner | undefined {
  const own = apps.get(app);
  const user = own?.user ?? hooks.user;
  if (user === undefined || process.getuid?.() !== 0) return undefined;
  const numbers = userNumbers(user);
  return own?.group === undefined ? numbers : { ...numbers, gid: groupNumber(own.group) };
}

/** What decides which configuration apps get. */
export function configurationSettings(config: AgentConfig): ConfigurationSettings {
  const { environment, cluster, hostname, configs } = config;
  return { environment, cluster, hostname, central: configs };
}
