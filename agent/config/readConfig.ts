import os from 'node:os';
import path from 'node:path';
import { lineIndex } from '../../core/text/lines.ts';
import { isName } from '../../core/text/names.ts';
import { readArtifactSettings } from '../../core/workspace/artifactSettings.ts';
import { schemaFaults } from '../../core/workspace/schemaFaults.ts';
import { parseText } from '../../core/yaml/parse.ts';
import { type Plain, plainValue } from '../../core/yaml/plain.ts';
import type { MappingNode } from '../../core/yaml/tree.ts';
import { corePath } from '../../disk/diskSource.ts';
import schema from '../../schemas/strata-agent.schema.json' with { type: 'json' };
import { occasions } from '../webhooks/report.ts';
import { readApps } from './apps.ts';
import type { AgentConfig, ConfigsSettings, WebhookSettings } from './config.ts';
import { contentFaults } from './contentFaults.ts';
import type { ConfigFault, PlacedFault } from './fault.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { readListen } from './listen.ts';
import type { Places } from './places.ts';
import { asList, asMapping, asText, type Mapping } from './plain.ts';
import { bytesOf, milliseconds } from './units.ts';

/** A config, or all that is wrong with it; never half of one. */
export type ReadConfig = { config: AgentConfig } | { faults: ConfigFault[] };

/**
 * Reads the text of a config file (`schemas/strata-agent.schema.json`). Never fails.
 * @param places what counts where the file says nothing; `config` is the file itself.
 */
export function readConfig(text: string, places: Places): ReadConfig {
  const file = places.config;
  const { root, problems } = parseText(file, text, '1.2', { dottedKeys: false });
  const lines = lineIndex(text);
  const placed = ({ range, message }: PlacedFault): ConfigFault => {
    const { line, character } = lines.position(range.start);
    return { file, line: line + 1, column: character + 1, message };
  };
  // What a broken text says further down is guesswork.
  const wrong: PlacedFault[] = problems.length > 0 ? problems : schemaFaults(root, schema);
  if (wrong.length > 0) return { faults: wrong.map(placed) };
  const config = configFrom(root, places);
  const further = contentFaults(root, config);
  return further.length > 0 ? { faults: further.map(placed) } : { config };
}

function configFrom(root: MappingNode, places: Places): AgentConfig {
  const value: Mapping = asMapping(plainValue(root)) ?? {};
  const folder = path.dirname(places.config);
  const at = (text: string | undefined, otherwise: string) =>
    text === undefined ? otherwise : path.resolve(folder, text);
  const state = at(asText(value.state), places.state);
  const repository = readArtifactSettings(corePath(folder), root.entries.get('repository')?.value);
  const hooks = asMapping(value.hooks);
  const steps = asMapping(value.steps);
  return {
    file: places.config,
    environment: asText(value.environment) ?? '',
    cluster: asText(value.cluster),
    hostname: asText(value.hostname) ?? ownHostname(),
    root: at(asText(value.root), places.root),
    state,
    listen: readListen(asMapping(value.listen) ?? {}, { folder, state, socket: places.socket }),
    repository: { ...repository, store: repository?.store ?? '' },
    configs: readConfigs(asMapping(value.configs) ?? {}, folder),
    hooks: { user: asText(hooks?.user), timeout: milliseconds(asText(hooks?.timeout) ?? '') ?? 600_000 },
    steps: { system: steps?.system === true, build: steps?.build === true },
    keep: typeof value.keep === 'number' ? value.keep : 3,
    apps: readApps(asMapping(value.apps) ?? {}),
    secrets: asList(value.secrets)?.flatMap(patternOf),
    link: asText(value.link),
    webhooks: (asList(value.webhooks) ?? []).flatMap(webhookFrom),
    limits: readLimits(asMapping(value.limits) ?? {}),
  };
}

function patternOf(text: Plain): RegExp[] {
  try {
    return [new RegExp(String(text), 'iu')];
  } catch {
    // It is told as a fault.
    return [];
  }
}

function ownHostname(): string {
  const name = os.hostname();
  return isName(name) ? name : 'localhost';
}

function readConfigs(value: Mapping, base: string): ConfigsSettings {
  const folders = asList(value.folders)?.map(String);
  const folder = asText(value.folder);
  if (folder !== undefined) return { kind: 'folder', folder: path.resolve(base, folder), folders };
  const { app, channel } = value;
  return { kind: 'artifact', app: asText(app) ?? 'configs', channel: asText(channel) ?? 'master', folders };
}

function webhookFrom(given: Plain): WebhookSettings[] {
  const value = asMapping(given) ?? {};
  const url = asText(value.url) ?? '';
  const on = asList(value.on);
  const format = value.format === 'slack' || value.format === 'teams' ? value.format : 'json';
  const name = asText(value.name) ?? `${format}-${url.replace(/^https?:\/\//, '').split('/', 1)[0]}`;
  return [{ name, url, format, on: occasions.filter((one) => on === undefined || on.includes(one)) }];
}

function readLimits(value: Mapping): Limits {
  const given = Object.entries(value).flatMap(([key, size]) => {
    const amount = typeof size === 'string' ? (milliseconds(size) ?? bytesOf(size)) : size;
    return typeof amount === 'number' ? [[key, amount] as const] : [];
  });
  return { ...defaultLimits, ...Object.fromEntries(given) };
}
