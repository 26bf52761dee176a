import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver';

/** What a handler whose answer takes time has to do with the one who asked. */
export interface Asker {
  token: CancellationToken;
  /** Shows how far the work is, where the editor asked for that. */
  progress: WorkDoneProgressReporter | undefined;
}

/**
 * Makes a handler that answers only who still wants to know: messages that wait are let in first, and a
 * request that is cancelled by then costs nothing.
 */
export function cancellable<Params, Result>(
  handle: (params: Params, asker: Asker) => Result | Promise<Result>,
): (
  params: Params,
  token: CancellationToken,
  progress?: WorkDoneProgressReporter,
) => Promise<Result | ResponseError<void>> {
  return async (params, token, progress) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) return cancelled();
    return handle(params, { token, progress });
  };
}

/** The answer to a request that nobody waits for any more. */
export function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
}

/** Does work that is given up when its request is cancelled. */
export async function stoppable<Result>(
  token: CancellationToken,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | ResponseError<void>> {
  const stop = new AbortController();
  const listening = token.onCancellationRequested(() => stop.abort());
  try {
    const result = await work(stop.signal);
    return stop.signal.aborted ? cancelled() : result;
  } finally {
    listening.dispose();
  }
}
