/** Why an agent could not be asked (`unreachable`), or what it answered. */
export class RemoteError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
