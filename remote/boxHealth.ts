import type { Credentials } from './credentials.ts';
import { RemoteError, strangerText } from './failure.ts';
import { askHealth, type HealthAnswer } from './health.ts';

/** A box as the manifest describes it. */
interface Box {
  name: string;
  url: string;
  environment: string;
  cluster?: string | null;
}

/** How a box is. What is not known is `null`. */
export interface Health {
  box: string;
  /** The agent's version. */
  version: string | null;
  /** How far the box's clock is before ours, in milliseconds; it is told by the second where the agent says no more. */
  skewMs: number | null;
  /** How long the answer took, in milliseconds. */
  tookMs: number | null;
  /** Until when the certificate is good, in milliseconds since 1970. */
  certificateEnds: number | null;
  /** What is wrong, in words. */
  faults: string[];
}

/** From so much on, signatures and tokens that expire are judged at the wrong time. */
const mostSkewMs = 30_000;
const dayMs = 86_400_000;
/** So long before its end a certificate is to be renewed. */
const certificateDays = 14;

/** Asks the agent of a box how it is. Never throws: what goes wrong is a fault of the box. */
export async function healthOf(
  box: Box,
  credentials: Credentials,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Health> {
  try {
    const place = { box: box.name, url: box.url, credentials };
    const answer = await askHealth(place, { answerMs: timeoutMs, silenceMs: timeoutMs, signal });
    const isKnown = answer.version !== undefined;
    const health: Health = {
      box: box.name,
      version: answer.version ?? null,
      skewMs: skew(answer),
      tookMs: answer.answered - answer.asked,
      certificateEnds: answer.certificateEnds ?? null,
      faults: [...statusFaults(answer.status, credentials, isKnown), ...placeFaults(box, answer)],
    };
    return { ...health, faults: [...health.faults, ...timeFaults(health)] };
  } catch (error) {
    return unknownHealth(box, signal.aborted ? 'it was not waited for' : faultText(error));
  }
}

/** That of a box which could not be asked. */
export function unknownHealth({ name }: Pick<Box, 'name'>, fault: string): Health {
  return { box: name, version: null, skewMs: null, tookMs: null, certificateEnds: null, faults: [fault] };
}

function faultText(error: unknown): string {
  if (error instanceof RemoteError) return error.message;
  throw error;
}

/** The clock of the box before ours; nothing is told that lies in how exactly it can be known. */
function skew({ clock, asked, answered }: HealthAnswer): number | null {
  if (clock === undefined) return null;
  const latest = clock.time + clock.withinMs;
  if (latest < asked) return latest - asked;
  return clock.time > answered ? clock.time - answered : 0;
}

/** @param isKnown whether the agent said what it is: to strangers it only says that it lives. */
function statusFaults(status: number, credentials: Credentials, isKnown: boolean): string[] {
  if (status === 200 && isKnown) return [];
  if (status === 401 || status === 200) return [strangerText(credentials)];
  if (status === 403) return ['the token may not do this'];
  if (status === 503) return ['it takes no work now (503)'];
  return [`it answered with ${status}`];
}

/** A box that is not what the manifest says would be given another one's releases and configuration. */
function placeFaults(
  box: Box,
  { environment, cluster }: Pick<HealthAnswer, 'environment' | 'cluster'>,
): string[] {
  if (environment === undefined) return [];
  const theirs = cluster === undefined ? environment : `${environment}/${cluster}`;
  const ours =
    box.cluster === undefined || box.cluster === null ? box.environment : `${box.environment}/${box.cluster}`;
  return theirs === ours ? [] : [`it is in ${theirs}, and the manifest says ${ours}`];
}

function timeFaults({ skewMs, certificateEnds }: Health): string[] {
  const faults: string[] = [];
  if (skewMs !== null && Math.abs(skewMs) > mostSkewMs) {
    faults.push(
      `its clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'before' : 'behind'} ours`,
    );
  }
  if (certificateEnds !== null) {
    const days = Math.floor((certificateEnds - Date.now()) / dayMs);
    if (days < 0) faults.push('its certificate has expired');
    else if (days < certificateDays) faults.push(`its certificate expires in ${days} days: renew it`);
  }
  return faults;
}
