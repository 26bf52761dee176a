import { type Deployment, type DeploymentRequest, isDeployment } from '../protocol/deployment.ts';
import { mayPass, RemoteError } from './failure.ts';
import { ask } from './http/ask.ts';
import type { Place, Question } from './http/request.ts';
import { pause } from './pause.ts';

/** How long an agent is tried that was never there, and one that may have heard the request, in milliseconds. */
const patienceMs = { before: 15_000, inDoubt: 120_000 };

/**
 * Starts a deployment, once for the key: while nobody knows whether the agent has heard of it, it is asked again. Throws a `RemoteError`,
 * which `isInDoubt` where it may run all the same, or the signal's reason.
 */
export async function deploy(
  place: Place,
  body: DeploymentRequest,
  key: string,
  how: Pick<Question, 'answerMs' | 'silenceMs' | 'signal'>,
): Promise<Deployment> {
  const headers = { 'idempotency-key': key };
  const question: Question = { ...how, method: 'POST', path: '/v1/deployments', body, headers };
  const started = Date.now();
  let isInDoubt = false;
  for (let tries = 0; ; tries++) {
    try {
      return await ask(place, question, isDeployment);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      isInDoubt ||= error.isInDoubt;
      const most = isInDoubt ? patienceMs.inDoubt : patienceMs.before;
      const ms = Date.now() - started + (error.retryAfterMs ?? 0);
      if (!mayPass(error) || ms > most) throw doubted(error, isInDoubt);
      await pause(tries, how.signal, error.retryAfterMs);
    }
  }
}

/** An agent that answers knows what it has taken; else what was in doubt stays so. */
function doubted(error: RemoteError, isInDoubt: boolean): RemoteError {
  const { box, code, message, owner, retryAfterMs } = error;
  const isLost = isInDoubt && (code === 'unreachable' || error.isInDoubt);
  return new RemoteError(box, code, message, { cause: error, owner, retryAfterMs, isInDoubt: isLost });
}
