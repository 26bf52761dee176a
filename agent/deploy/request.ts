import { isArtifactName } from '../../artifact/names.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';

const mostKey = 255;

/** Refuses a request with a name that cannot be one; `invalid`. */
export function checkRequest(request: DeploymentRequest, key: string | undefined): void {
  checkName('an app', request.app);
  if (request.channel !== undefined) checkName('a channel', request.channel);
  if (request.version !== undefined) checkName('a version', request.version);
  if (request.configs !== undefined) checkName('a version of the configs', request.configs);
  if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new AgentError('invalid', `an Idempotency-Key has 1 to ${mostKey} printable ASCII characters`);
  }
}

/** Refuses what cannot be the name of an app, a channel or a version; `invalid`. */
export function checkName(what: string, name: string): void {
  if (isArtifactName(name)) return;
  throw new AgentError('invalid', `${JSON.stringify(name)} cannot be the name of ${what}`);
}

/** What makes two requests the same, whatever the order of their parts. */
export function requestText(request: DeploymentRequest): string {
  const parts = Object.entries(request).filter(([, value]) => value !== undefined);
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
