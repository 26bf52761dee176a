/** Tells whoever follows which apps are no longer as they were. */
export interface Changes {
  tell(app: string): void;
  /** From now on; to be stopped. */
  follow(): Follower;
}

export interface Follower {
  /**
   * The next app that has changed since it was last taken, however often it did: so one who is slow holds nothing but names. Nothing when
   * the signal ends it.
   */
  next(signal: AbortSignal): Promise<string | undefined>;
  stop(): void;
}

export function newChanges(): Changes {
  const followers = new Set<{ apps: Set<string>; ring(): void }>();
  return {
    tell(app) {
      for (const { apps, ring } of followers) {
        apps.add(app);
        ring();
      }
    },
    follow() {
      const one = { apps: new Set<string>(), ring: () => {} };
      followers.add(one);
      return {
        async next(signal) {
          while (one.apps.size === 0 && !signal.aborted) await rung(one, signal);
          const [app] = one.apps;
          if (signal.aborted || app === undefined) return undefined;
          one.apps.delete(app);
          return app;
        },
        stop: () => void followers.delete(one),
      };
    },
  };
}

async function rung(bell: { ring(): void }, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    bell.ring = () => {
      signal.removeEventListener('abort', bell.ring);
      resolve();
    };
    signal.addEventListener('abort', bell.ring);
  });
}
