import type { Plain } from '../../core/yaml/plain.ts';
import type { AppSettings, HealthSettings } from './config.ts';
import { readAddress } from './listen.ts';
import { asMapping, asText, type Mapping } from './plain.ts';
import { milliseconds } from './units.ts';

/** Reads the key `apps`. */
export function readApps(apps: Mapping): Map<string, AppSettings> {
  return new Map(Object.entries(apps).map(([name, value]) => [name, appFrom(asMapping(value) ?? {})]));
}

function appFrom({ user, group, keep, timeout, health }: Mapping): AppSettings {
  const checks = asMapping(health);
  return {
    user: asText(user),
    group: asText(group),
    keep: typeof keep === 'number' ? keep : undefined,
    timeout: milliseconds(asText(timeout) ?? ''),
    health: checks === undefined ? undefined : healthFrom(checks),
  };
}

function healthFrom({ http, tcp, command, interval, minHealthy, timeout }: Mapping): HealthSettings {
  const time = (value: Plain | undefined, otherwise: number) =>
    milliseconds(asText(value) ?? '') ?? otherwise;
  return {
    http: asText(http),
    tcp: readAddress(asText(tcp)),
    command: asText(command),
    interval: time(interval, 1000),
    minHealthy: time(minHealthy, 5000),
    timeout: time(timeout, 60_000),
  };
}
