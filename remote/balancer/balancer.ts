/** How a box stands with a balancer. */
export interface BalancerState {
  /** As the balancer calls it; `null` where it cannot be asked. */
  text: string | null;
  /** Whether it gets new requests. */
  isIn: boolean | null;
  /** How many requests or connections it has. */
  open: number | null;
}

/**
 * What gives requests to a box. Each part of it may be done again where it was done before. All of them throw a `BalancerError`, or the signal's
 * reason.
 */
export interface Balancer {
  readonly name: string;
  /** Boxes of one pool have each other's requests; nothing where nobody can tell. */
  readonly pool: string | undefined;
  /**
   * Has the box get no new requests, unless nobody else would get them: `only` where there is no other box at all, `last` where no other one is up;
   * then nothing has changed.
   */
  leave(signal: AbortSignal): Promise<'leaves' | 'only' | 'last'>;
  /** Waits for the requests that it has, and has it rest. @returns what is worth telling. */
  rest(signal: AbortSignal): Promise<string | null>;
  /** Has it get requests again, and waits until it does; without fail only where it has to, since it may have got none before. */
  enter(isWaited: boolean, signal: AbortSignal): Promise<void>;
  state(signal: AbortSignal): Promise<BalancerState>;
}

/** A balancer did not do what it was told; the message says what is wrong and what to do. */
export class BalancerError extends Error {
  /** It was told nothing, and is as it was. */
  readonly isUntold: boolean;

  constructor(message: string, isUntold = false) {
    super(message);
    this.isUntold = isUntold;
  }
}
