import type { Source } from '../../remote/logs/followBox.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';

/** What tells of deployments. */
export type LogAgent = Source['agent'];

/** An agent that is opened when it is first asked, and again where that failed: the box may be away then. */
export function lazyAgent(box: string, open: () => Promise<RemoteAgent>): LogAgent {
  let opened: Promise<RemoteAgent> | undefined;
  const agent = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    box,
    deployment: async (id, signal) => await (await agent()).deployment(id, signal),
    deployments: async (filter, signal) => await (await agent()).deployments(filter, signal),
    async *events(id, after, options) {
      yield* (await agent()).events(id, after, options);
    },
    async *watch(options) {
      yield* (await agent()).watch(options);
    },
  };
}
