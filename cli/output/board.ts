/** Lines at the end of a terminal that change while other text is written above them. */
export interface Board {
  /** Shows what somebody is at; nothing when they are done. */
  set(who: string, what: string | undefined): void;
  write(text: string): void;
  stop(): void;
}

interface Row {
  what: string;
  start: number;
}

const everyMs = 120;
/** Lines of the terminal that stay free for what is written. */
const spared = 6;

/** A board on a terminal; where there is none, only what is written. */
export function boardOn(stream: NodeJS.WriteStream): Board {
  const isShown = stream.isTTY === true && process.env.TERM !== 'dumb';
  const rows = new Map<string, Row>();
  let drawn = 0;
  const clear = () => {
    const text = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`;
    drawn = 0;
    return text;
  };
  const draw = () => {
    const lines = linesOf(rows, (stream.columns || 80) - 1, Math.max(1, (stream.rows || 24) - spared));
    drawn = lines.length;
    return lines.map((line) => `${line}\n`).join('');
  };
  const tick = () => {
    // Who does not read needs no pictures that move.
    if (!stream.writableNeedDrain) stream.write(clear() + draw());
  };
  const timer = isShown ? setInterval(tick, everyMs) : undefined;
  timer?.unref();
  return {
    set(who, what) {
      const row = rows.get(who);
      if (what === undefined) rows.delete(who);
      else if (row === undefined) rows.set(who, { what, start: performance.now() });
      else row.what = what;
    },
    write: (text) => void stream.write(isShown ? clear() + text + draw() : text),
    stop() {
      clearInterval(timer);
      rows.clear();
      if (isShown) stream.write(clear());
    },
  };
}

function linesOf(rows: ReadonlyMap<string, Row>, width: number, most: number): string[] {
  const names = Math.max(0, ...[...rows.keys()].map((who) => who.length));
  const lines = [...rows].map(([who, { what, start }]) => {
    const line = `  ${who.padEnd(names)}  ${timeText(performance.now() - start)}  ${what}`;
    return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
  });
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `  … and ${lines.length - most + 1} more`];
}

/** `1:05` */
export function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
