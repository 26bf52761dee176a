import type { AppStatus } from '../../protocol/appStatus.ts';
import type { BoxEvent } from '../../protocol/boxEvents.ts';
import { AgentError } from '../failure.ts';
import type { Changes } from './changes.ts';

/** What is watched. */
interface Watched {
  changes: Changes;
  names(): Promise<string[]>;
  /** `missing` */
  status(app: string): Promise<AppStatus>;
}

/** Every app, and then each one that is no longer as it was told; see `Agent.watch`. */
export async function* watchApps(
  { changes, names, status }: Watched,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<BoxEvent> {
  // What changes while the first ones are told is told behind them.
  const follower = changes.follow();
  const told = new Map<string, string>();
  const news = async (app: string): Promise<BoxEvent[]> => {
    const now = await status(app).catch(unlessMissing);
    const text = JSON.stringify(now);
    if (now === undefined || told.get(app) === text) return [];
    told.set(app, text);
    return [{ type: 'app', status: now }];
  };
  try {
    for (const app of await names()) yield* await news(app);
    yield { type: 'current' };
    while (follow) {
      const app = await follower.next(signal);
      if (app === undefined) return;
      yield* await news(app);
    }
  } finally {
    follower.stop();
  }
}

/** One that nobody knows any more is no news. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AgentError && error.code === 'missing') return;
  throw error;
}
