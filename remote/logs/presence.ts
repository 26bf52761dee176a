/** Tells people that a box is away, and that it is back: once, however many ask it. */
export interface Presence {
  away(who: string, reason: string): void;
  back(who: string): void;
}

export function presenceOf(box: string, tell: (text: string) => void): Presence {
  const lost = new Set<string>();
  return {
    away(who, reason) {
      if (lost.size === 0) tell(`${box} is away, and is tried again: ${reason}`);
      lost.add(who);
    },
    back(who) {
      if (lost.delete(who) && lost.size === 0) tell(`${box} is back`);
    },
  };
}
