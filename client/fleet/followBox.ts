import type { AppStatus } from '../../protocol/appStatus.ts';
import { mayPass, RemoteError, type RemoteFailure } from '../../remote/failure.ts';
import { pause } from '../../remote/pause.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';

/** What is known of a box: its apps, or why it cannot be asked. */
export interface BoxState {
  /** By name; `undefined` until it has answered once. */
  apps: readonly AppStatus[] | undefined;
  /** In words for a person; `undefined` while it can be reached, and while it is asked for the first time. */
  fault: string | undefined;
  /** What kind of fault it is. */
  code: RemoteFailure | undefined;
  /** When this was so, in milliseconds since 1970. */
  time: number;
}

/** What does not pass by itself is tried again after so many milliseconds: somebody may have put it right on the box. */
const leastMs = 60_000;

/**
 * Follows the apps of a box until the signal. Never fails: what goes wrong is told as a fault, and it is tried again, later and later.
 * @param open the agent of the box. @param tell is told whenever something else is known.
 */
export async function followBox(
  open: () => Promise<RemoteAgent>,
  signal: AbortSignal,
  tell: (state: BoxState) => void,
): Promise<void> {
  const known = knownApps(tell);
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      const agent = await open();
      signal.throwIfAborted();
      const away = (reason: string) => known.lost(reason, 'unreachable');
      for await (const event of agent.watch({ signal, away })) {
        if (event.type === 'current') known.current();
        else known.app(event.status);
        tries = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      known.lost(messageOf(error), error instanceof RemoteError ? error.code : 'confused');
      const least = mayPass(error) ? (error.retryAfterMs ?? 0) : leastMs;
      await pause(tries, signal, least).catch(() => undefined);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The apps of a box as they are told. Until all have been told of, what was known before stands. */
function knownApps(tell: (state: BoxState) => void) {
  let apps: ReadonlyMap<string, AppStatus> | undefined;
  let isWhole = false;
  // A connection that is there again tells of all once more: who is not among them is gone.
  let seen = new Map<string, AppStatus>();
  const tellApps = (fault?: string, code?: RemoteFailure) => {
    const sorted = apps && [...apps.values()].sort((a, b) => (a.app < b.app ? -1 : 1));
    tell({ apps: sorted, fault, code, time: Date.now() });
  };
  return {
    app(status: AppStatus) {
      seen.set(status.app, status);
      if (!isWhole) return;
      apps = new Map(apps).set(status.app, status);
      tellApps();
    },
    current() {
      apps = seen;
      seen = new Map();
      isWhole = true;
      tellApps();
    },
    lost(fault: string, code: RemoteFailure) {
      isWhole = false;
      seen = new Map();
      tellApps(fault, code);
    },
  };
}
