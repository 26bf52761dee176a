/** An agent that keeps ending is not started again for ever. */
const most = 3;
const withinMs = 180_000;

/** Counts the ends of an agent: says of each, at a time in milliseconds, whether it may be started again. */
export function restarts(): (now: number) => boolean {
  let ends: number[] = [];
  return (now) => {
    ends = [...ends.filter((time) => time > now - withinMs), now];
    return ends.length <= most;
  };
}
