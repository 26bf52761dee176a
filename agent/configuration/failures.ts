import { ArtifactError } from '../../artifact/failure.ts';
import { asAgentError } from '../deploy/failures.ts';
import { AgentError } from '../failure.ts';

/** An error as the agent tells it; what is told well already stays as it is. @param what could not be done. */
export function agentFailure(what: string, error: unknown): AgentError {
  const told = asAgentError(error);
  if (told === error || error instanceof ArtifactError) return told;
  return new AgentError(told.code, `${what}: ${told.message}`, { cause: error });
}
