import type { CancellationToken } from 'vscode-languageserver';

/** How long one slice of work may hold up other requests, in milliseconds. */
const sliceMs = 8;

/**
 * Does a long work in slices between messages.
 * @returns what the work comes to; `undefined` when it was cancelled.
 */
export async function inSlices<Result>(
  work: Generator<undefined, Result>,
  token: CancellationToken,
): Promise<{ result: Result } | undefined> {
  while (!token.isCancellationRequested) {
    const end = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return { result: step.value };
    } while (performance.now() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return undefined;
}
