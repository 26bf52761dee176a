/** JSON text that goes into JSON text as it is, so that numbers of any size stay exact. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `JSON.stringify` with an indent of two, in which raw parts keep their own digits. */
export function stringifyRaw(value: unknown): string {
  // The global one: loading node:crypto would cost every command some milliseconds.
  const mark = crypto.randomUUID();
  const texts: string[] = [];
  const marked = JSON.stringify(
    value,
    (_key, one) => (one instanceof RawJson ? `${mark}:${texts.push(one.text) - 1}` : one),
    2,
  );
  return marked.replace(new RegExp(`"${mark}:(\\d+)"`, 'g'), (_, index) => texts[Number(index)] ?? 'null');
}
