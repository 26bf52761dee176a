import { exitCodes } from '../../failure.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** How somebody asks to stop: once, and once more. */
export interface Stopping {
  /** Stop, and leave nothing half-done. */
  readonly signal: AbortSignal;
  /** Do not wait for that. */
  readonly leave: AbortSignal;
}

/** Does work that ends when somebody asks to (Ctrl+C). Work that gives up with the signal's reason has done nothing. */
export async function stoppable(work: (stopping: Stopping) => Promise<void>): Promise<void> {
  const [stop, leave] = [new AbortController(), new AbortController()];
  const note = () => (stop.signal.aborted ? leave : stop).abort();
  for (const signal of signals) process.on(signal, note);
  try {
    await work({ signal: stop.signal, leave: leave.signal });
  } catch (error) {
    const isStopped = stop.signal.aborted && (error as Error).name === 'AbortError';
    if (!isStopped) throw error;
    process.stderr.write('strata: stopped, and nothing was done\n');
    process.exitCode = exitCodes.stopped;
  } finally {
    for (const signal of signals) process.off(signal, note);
  }
}
