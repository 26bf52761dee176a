import { checkArtifactName } from '../../artifact/names.ts';
import type { DeploymentRequest } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Refuses an object with keys that nobody knows: they may have meant something; `invalid`. */
export function onlyKeys(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new AgentError(
    'invalid',
    `${JSON.stringify(unknown)} is not known here; there is: ${known.join(', ')}`,
  );
}

/** A name, where there is one; `invalid`. */
export function nameField(fields: Fields, key: string, what: string): string | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new AgentError('invalid', `\`${key}\` must be text`);
  return checkArtifactName(what, value);
}

/** `true` or `false`, where it is there; `invalid`. */
export function flagField(fields: Fields, key: string): boolean | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw new AgentError('invalid', `\`${key}\` must be true or false`);
}

/** A whole number from 0 on, where it is there; `invalid`. */
export function countField(fields: Fields, key: string, most: number): number | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined) return undefined;
  const isRight = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  if (isRight) return value;
  throw new AgentError('invalid', `\`${key}\` must be a whole number from 0 to ${most}`);
}

const requestKeys = ['app', 'channel', 'version', 'configs', 'plan', 'force', 'busy', 'rollback'];

/** What a body asks to deploy; all names in it are right from here on. `invalid`. */
export function deploymentRequest(fields: Fields): DeploymentRequest {
  onlyKeys(fields, requestKeys);
  const app = nameField(fields, 'app', 'an app');
  if (app === undefined) throw new AgentError('invalid', '`app` is missing: what is to be deployed?');
  const given = {
    channel: nameField(fields, 'channel', 'a channel'),
    version: nameField(fields, 'version', 'a version'),
    configs: nameField(fields, 'configs', 'a version'),
    plan: digestField(fields),
    force: flagField(fields, 'force'),
    busy: busyField(fields),
    rollback: flagField(fields, 'rollback'),
  };
  return { app, ...defined(given) };
}

function digestField({ plan = undefined }: Fields): string | undefined {
  if (plan === undefined || plan === null) return undefined;
  if (typeof plan === 'string' && /^[\w:+/=.-]{1,200}$/.test(plan)) return plan;
  throw new AgentError('invalid', '`plan` must be the digest of a plan');
}

function busyField({ busy = undefined }: Fields): 'wait' | 'refuse' | undefined {
  if (busy === undefined || busy === null) return undefined;
  if (busy === 'wait' || busy === 'refuse') return busy;
  throw new AgentError('invalid', '`busy` must be wait or refuse');
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the keys that have no value. */
export function defined<T extends object>(fields: T): Defined<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Defined<T>;
}
