/** What the door counts, for `/v1/metrics`. */
export interface Counts {
  began: number;
  /** Answers by method and status, `GET 200`. */
  answers: Map<string, number>;
  /** Streams of events that are open. */
  streams: number;
  /** Streams that were cut off because nobody read them. */
  slowReaders: number;
}

export function newCounts(): Counts {
  return { began: Date.now(), answers: new Map(), streams: 0, slowReaders: 0 };
}

export function countAnswer({ answers }: Counts, method: string, status: number): void {
  const key = `${knownMethods.has(method) ? method : 'other'} ${status}`;
  answers.set(key, (answers.get(key) ?? 0) + 1);
}

// Anybody can invent methods, and each would be kept.
const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);
