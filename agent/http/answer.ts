/** What is sent back: a whole text, or one that comes piece by piece. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | AsyncIterable<string>;
}

export function jsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...headers, 'content-type': 'application/json' }, body: jsonText(value) };
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
