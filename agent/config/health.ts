import type { Plain } from '../../core/yaml/plain.ts';
import type { HealthSettings } from './config.ts';
import { readAddress } from './listen.ts';
import { asMapping, asText } from './plain.ts';
import { milliseconds } from './units.ts';

/** Reads what a mapping says of a health check, in the agent's config or in an app's own files; nothing where it is no mapping. */
export function readHealth(value: Plain | undefined): HealthSettings | undefined {
  const given = asMapping(value);
  if (given === undefined) return undefined;
  const time = (name: string, otherwise: number) => milliseconds(asText(given[name]) ?? '') ?? otherwise;
  return {
    http: asText(given.http),
    status: typeof given.status === 'number' ? given.status : undefined,
    body: asText(given.body),
    tcp: readAddress(asText(given.tcp)),
    command: asText(given.command),
    startPeriod: time('startPeriod', 0),
    interval: time('interval', 1000),
    minHealthy: time('minHealthy', 5000),
    timeout: time('timeout', 60_000),
  };
}
