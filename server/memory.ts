import v8 from 'node:v8';
import vm from 'node:vm';

/** Is told how the server's own work goes on. */
export interface WorkFollower {
  /** Every layer has been read once. */
  indexed(): void;
  /**
   * All that is to be told has been told, for now.
   * @param letGo forgets what can be read again.
   */
  done(letGo: () => void): void;
}

/** How far the space for new objects may grow again while layers are checked for the first time, in bytes. */
const mostNew = 4 * 1024 * 1024;

/** How often that is looked at, and how long the server has to rest before memory is given back, in milliseconds. */
const pollMs = 20;
const restMs = 2000;

/** Memory is given back again when the process has grown by so much since it last was. */
const growth = 1.3;

/**
 * Keeps the process small: an editor runs many servers. While all layers are read, a small space for new objects is as
 * quick as the large one that V8 makes of it; the check that follows wants some more. What is free in the end is given
 * back once the server rests: with a thousand apps that takes a tenth of a second.
 */
export function keepSmall(): WorkFollower {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  let poll: NodeJS.Timeout | undefined;
  let rest: NodeJS.Timeout | undefined;
  let last = 0;
  let collect: (() => void) | undefined;
  const giveBack = (letGo: () => void) => {
    if (process.memoryUsage.rss() < last * growth) return;
    letGo();
    collect ??= garbageCollector();
    collect();
    last = process.memoryUsage.rss();
  };
  return {
    indexed() {
      v8.setFlagsFromString('--heap-growing-percent=50');
      v8.setFlagsFromString('--semi-space-growth-factor=2');
      clearInterval(poll);
      poll = setInterval(() => {
        if (newSpace() < mostNew) return;
        v8.setFlagsFromString('--semi-space-growth-factor=1');
        clearInterval(poll);
      }, pollMs).unref();
    },
    done(letGo) {
      clearTimeout(rest);
      rest = setTimeout(giveBack, restMs, letGo).unref();
    },
  };
}

function newSpace(): number {
  return v8.getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')?.space_size ?? 0;
}

/** What collects garbage at once; it does nothing where this Node does not give it away. */
function garbageCollector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  const found: unknown = vm.runInNewContext("typeof gc === 'function' ? gc : undefined");
  return typeof found === 'function' ? () => found() : () => {};
}
