const signals = ['SIGINT', 'SIGTERM'] as const;

/** Puts an end off until it leaves nothing half-done. */
export interface Interruption {
  /** Whether the process was told to end (Ctrl+C). */
  came(): boolean;
  /** Lets signals end the process again, and ends it now where one came. */
  end(): void;
}

/** From now on the process decides itself when it ends; it must let the event loop turn to hear of it. */
export function watchForInterruption(): Interruption {
  let received: NodeJS.Signals | undefined;
  const note = (signal: NodeJS.Signals) => {
    received = signal;
  };
  for (const signal of signals) process.on(signal, note);
  return {
    came: () => received !== undefined,
    end() {
      for (const signal of signals) process.off(signal, note);
      // Whoever started the process is to see that the signal ended it.
      if (received !== undefined) process.kill(process.pid, received);
    },
  };
}
