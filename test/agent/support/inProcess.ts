import { AgentError } from '../../../agent/failure.ts';
import type { Agent } from '../../../agent/service.ts';
import { RemoteError } from '../../../remote/failure.ts';
import type { RemoteAgent } from '../../../remote/remoteAgent.ts';
import { me } from './box.ts';

/** An agent of this process, asked as if it were elsewhere. */
export function inProcess(box: string, agent: Agent): RemoteAgent {
  return {
    box,
    plan: (request, signal) => told(box, agent.plan(request, signal)),
    deploy: (request, key) => told(box, agent.deploy(request, me, key)),
    deployment: (id) => told(box, agent.deployment(id)),
    deployments: (filter) => told(box, agent.deployments(filter)),
    events: (id, after, options) => agent.events(id, after, options),
    watch: ({ signal }) => agent.watch({ follow: true, signal }),
    cancel: (id) => told(box, agent.cancel(id, me)),
    apps: () => told(box, agent.apps()),
    app: (name) => told(box, agent.app(name)),
    config: (app) => told(box, agent.config(app)),
  };
}

async function told<T>(box: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof AgentError ? new RemoteError(box, error.code, error.message) : error;
  }
}
