import type { AppSettings } from './config.ts';
import { readHealth } from './health.ts';
import { asMapping, asText, type Mapping } from './plain.ts';
import { milliseconds } from './units.ts';

/** Reads the key `apps`. */
export function readApps(apps: Mapping): Map<string, AppSettings> {
  return new Map(Object.entries(apps).map(([name, value]) => [name, appFrom(asMapping(value) ?? {})]));
}

function appFrom({ user, group, keep, timeout, health }: Mapping): AppSettings {
  return {
    user: asText(user),
    group: asText(group),
    keep: typeof keep === 'number' ? keep : undefined,
    timeout: milliseconds(asText(timeout) ?? ''),
    health: readHealth(health),
  };
}
