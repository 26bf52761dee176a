/** How much is taken from others; times in milliseconds. */
export interface Limits {
  bodyBytes: number;
  headerBytes: number;
  connections: number;
  /** Streams of events at once. */
  subscribers: number;
  /** Until a request is here whole. */
  requestTime: number;
  /** How long a reader of events may take nothing. */
  slowReader: number;
  /** Wrong tokens from one address in a minute. */
  failures: number;
  /** Of all that is logged in one deployment. */
  logBytes: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 64_000,
  headerBytes: 16_000,
  connections: 256,
  subscribers: 64,
  requestTime: 30_000,
  slowReader: 30_000,
  failures: 10,
  logBytes: 100_000_000,
};
