import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterBurst } from '../../server/burst.ts';

describe('a burst', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is over when nothing came for a while, and is not put off for ever', () => {
    let reactions = 0;
    const burst = afterBurst(() => reactions++);
    burst.again();
    vi.advanceTimersByTime(20);
    burst.again();
    vi.advanceTimersByTime(20);
    expect(reactions).toBe(0);
    vi.advanceTimersByTime(10);
    expect(reactions).toBe(1);
    for (let ms = 0; ms < 1000; ms += 10) {
      burst.again();
      vi.advanceTimersByTime(10);
    }
    expect(reactions).toBe(5);
    burst.again();
    burst.endNow();
    expect(reactions).toBe(6);
    burst.again();
    burst.stop();
    vi.advanceTimersByTime(1000);
    expect(reactions).toBe(6);
  });
});
