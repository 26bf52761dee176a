import path from 'node:path';
import { readSteps } from '../../../core/steps/readSteps.ts';
import type { Plain } from '../../../core/yaml/plain.ts';
import type { HealthSettings } from '../../config/config.ts';
import { readHealth } from '../../config/health.ts';
import { asMapping } from '../../config/plain.ts';
import { readConfiguration } from '../../configuration/files.ts';
import { AgentError } from '../../failure.ts';
import { settingsOf } from '../steps/stepsOf.ts';
import type { HealthGate } from './gate.ts';

/** The gate that settings stand for; none where they name no check. */
export function gateOf(settings: HealthSettings): HealthGate | undefined {
  const { http, status, body, tcp, command, interval, minHealthy, timeout, startPeriod } = settings;
  const times = {
    ...{ minHealthyMs: minHealthy, deadlineMs: timeout, intervalMs: interval },
    startPeriodMs: startPeriod,
  };
  if (http !== undefined) return { ...times, check: { kind: 'http', url: http, status, body } };
  if (tcp !== undefined) return { ...times, check: { kind: 'tcp', ...tcp } };
  if (command === undefined) return undefined;
  return { ...times, check: { kind: 'command', command: ['/bin/sh', '-c', command] } };
}

/**
 * What a release has to pass: what the box says of the app, else what the app's `deploy/steps.yaml` says of `health`, else the setting
 * `APP.healthcheck` of its configuration. `refused` where that is no health check.
 */
export async function healthGate(
  app: string,
  release: string,
  ofBox: HealthGate | undefined,
): Promise<HealthGate | undefined> {
  if (ofBox !== undefined) return ofBox;
  const said = (await settingsOf(release)).steps.get('health');
  if (said === false) return undefined;
  const given = typeof said === 'object' ? said : await inConfiguration(app, release);
  const settings = readHealth(given);
  return settings && gateOf(settings);
}

async function inConfiguration(app: string, release: string): Promise<Plain | undefined> {
  const own = asMapping((await readConfiguration(release))[app] as Plain | undefined);
  const given = own?.healthcheck;
  if (given === undefined || given === null) return undefined;
  // JSON is YAML: the same schema tells what is wrong with it.
  const { problems } = readSteps(path.join(release, 'configuration.json'), JSON.stringify({ health: given }));
  if (problems.length === 0) return given;
  const told = problems.map(({ message }) => message).join('; ');
  throw new AgentError('refused', `the setting ${app}.healthcheck is no health check: ${told}`);
}
