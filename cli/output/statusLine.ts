/** What a terminal shows below all that is printed: who is at what, and for how long. */
export interface StatusLine {
  /** Says what somebody is at; nothing when they are done. */
  set(who: string, what: string | undefined): void;
  /** More of what they are at. */
  detail(who: string, text: string): void;
  /** Writes text above the line. @returns something to wait for where the reader is slow. */
  write(text: string): void | Promise<void>;
  stop(): void;
}

interface Activity {
  what: string;
  start: number;
  detail: string;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const everyMs = 120;

/** A line that moves on a terminal; where there is none, only what is written. */
export function statusLine(stream: NodeJS.WriteStream): StatusLine {
  const isShown = stream.isTTY === true && process.env.TERM !== 'dumb';
  const activities = new Map<string, Activity>();
  let turn = 0;
  let isDrawn = false;
  const clear = () => {
    const before = isDrawn ? clearLine : '';
    isDrawn = false;
    return before;
  };
  const draw = () => {
    if (activities.size === 0) return '';
    isDrawn = true;
    return lineOf(activities, turn, (stream.columns || 80) - 1);
  };
  const tick = () => {
    turn++;
    // Who does not read needs no pictures that move.
    if (!stream.writableNeedDrain) stream.write(clear() + draw());
  };
  const timer = isShown ? setInterval(tick, everyMs) : undefined;
  timer?.unref();
  return {
    set(who, what) {
      if (what === undefined) activities.delete(who);
      else activities.set(who, { what, start: performance.now(), detail: '' });
    },
    detail(who, text) {
      const activity = activities.get(who);
      if (activity !== undefined) activity.detail = text;
    },
    write(text) {
      const hasRoom = stream.write(isShown ? clear() + text + draw() : text);
      if (!hasRoom) return new Promise((resolve) => stream.once('drain', resolve));
    },
    stop() {
      clearInterval(timer);
      activities.clear();
      if (isDrawn) stream.write(clear());
    },
  };
}

const clearLine = '\r\u001b[K';

function lineOf(activities: ReadonlyMap<string, Activity>, turn: number, width: number): string {
  const parts = [...activities.values()].map(({ what, start, detail }) => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return detail === '' ? `${what} ${time}` : `${what} ${time} (${detail})`;
  });
  const line = `${frames[turn % frames.length]} ${parts.join(' · ')}`;
  return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
}
