/** Tells a person how far a longer work has come. */
export interface Progress {
  tell(text: string): void;
  /** Takes the line away. */
  done(): void;
}

const afterMs = 1000;
const everyMs = 100;

/** Progress on one line of a terminal, from the first second on; nothing where the stream is no terminal. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const start = performance.now();
  let last = start;
  let shown = false;
  return {
    tell(text) {
      const now = performance.now();
      if (!stream.isTTY || now - start < afterMs || now - last < everyMs) return;
      stream.write(`\r\u001b[K${text}`);
      last = now;
      shown = true;
    },
    done() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
