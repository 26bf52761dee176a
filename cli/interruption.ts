const signals = ['SIGINT', 'SIGTERM'] as const;

/** Puts an end off until it leaves nothing half-done. */
export interface Interruption {
  /** Whether the process was told to end (Ctrl+C). */
  came(): boolean;
  /** Aborted when it was. */
  readonly signal: AbortSignal;
  /** Lets signals end the process again, and ends it now where one came. */
  end(): void;
}

/** From now on the process decides itself when it ends; it must let the event loop turn to hear of it. */
export function watchForInterruption(): Interruption {
  let received: NodeJS.Signals | undefined;
  const stop = new AbortController();
  const note = (signal: NodeJS.Signals) => {
    received = signal;
    stop.abort();
  };
  for (const signal of signals) process.on(signal, note);
  return {
    came: () => received !== undefined,
    signal: stop.signal,
    end() {
      for (const signal of signals) process.off(signal, note);
      // Whoever started the process is to see that the signal ended it.
      if (received !== undefined) process.kill(process.pid, received);
    },
  };
}

/** Does work that stops when the process is told to end, and has then left nothing half-done. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = watchForInterruption();
  try {
    return await work(interruption.signal);
  } finally {
    interruption.end();
  }
}
