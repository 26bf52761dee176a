import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/**
 * Makes a handler that answers only who still wants to know: messages that wait are let in first, and a
 * request that is cancelled by then costs nothing.
 */
export function cancellable<Params, Result>(
  handle: (params: Params, token: CancellationToken) => Result | Promise<Result>,
): (params: Params, token: CancellationToken) => Promise<Result | ResponseError<void>> {
  return async (params, token) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) {
      return new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    }
    return handle(params, token);
  };
}
