import { isListOf, isObject, isOrNull, isText } from './values.ts';

/** A load balancer before boxes, as a manifest describes it. In texts `{box}`, `{app}` and the like stand for what is meant. */
export interface BalancerInfo {
  name: string;
  environment: string;
  /** Its boxes are those of a cluster; of the whole environment where that is `null`. */
  cluster: string | null;
  /** The apps that get requests through it; all where that is `null`. */
  apps: string[] | null;
  /** How long requests that a box has are waited for, in milliseconds. */
  drainMs: number;
  /** How long a command may take, and a box until it is up again, in milliseconds. */
  timeoutMs: number;
  /** By HAProxy's runtime API, which is asked at `tcp://HOST:PORT` or `unix:///PATH`. */
  haproxy: { address: string; backend: string; server: string } | null;
  /** By commands: a program and its arguments each. */
  commands: { out: string[]; in: string[] } | null;
}

/** Whether a value that came over the wire is a balancer. */
export function isBalancerInfo(value: unknown): value is BalancerInfo {
  if (!isObject(value)) return false;
  const { name, environment, cluster, apps, drainMs, timeoutMs, haproxy, commands } = value;
  return (
    [name, environment].every(isText) &&
    isOrNull(cluster, isText) &&
    isOrNull(apps, isTextList) &&
    [drainMs, timeoutMs].every((one) => typeof one === 'number') &&
    isOrNull(haproxy, isHaproxy) &&
    isOrNull(commands, isCommands)
  );
}

function isHaproxy(value: unknown): value is object {
  return isObject(value) && [value.address, value.backend, value.server].every(isText);
}

function isCommands(value: unknown): value is object {
  return isObject(value) && [value.out, value.in].every(isTextList);
}

function isTextList(value: unknown): value is string[] {
  return isListOf(value, isText);
}
