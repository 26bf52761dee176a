import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises';
import pc from 'picocolors';
import type { RemoteError } from '../../remote/failure.ts';
import { addMore, addNew } from '../../remote/logs/addMore.ts';
import { type ByTime, byTime } from '../../remote/logs/byTime.ts';
import type { Entry } from '../../remote/logs/entry.ts';
import { addFirst, type Choice, type Source } from '../../remote/logs/followBox.ts';
import { foreignText } from '../../remote/logs/foreignText.ts';
import { lineWriter } from '../../remote/logs/lineText.ts';
import { presenceOf } from '../../remote/logs/presence.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { isShown, type LogFilter } from './filter.ts';
import { inTurns } from './inTurns.ts';
import { lazyAgent } from './lazyAgent.ts';
import { onlyOne, type TailQuestion } from './question.ts';
import type { Spool } from './spool/spool.ts';
import { takenFrom } from './taken.ts';

/** What a tail is made of. */
export interface TailOptions {
  which: TailQuestion['which'];
  app: string | null;
  /** The boxes, by what they are called in the log. */
  boxes: { label: string; open: () => Promise<RemoteAgent> }[];
  filter: LogFilter;
  spool: Spool;
  screen: Screen;
}

/** Where a tail is shown: text with the colours of terminals. */
export interface Screen {
  write(text: string): void;
  clear(): void;
}

/** Logs of deployments that go on. */
export interface Tail {
  filter(): LogFilter;
  /** Shows what was received again, by another filter. */
  setFilter(filter: LogFilter): Promise<void>;
  /** The stages that there were. */
  stages(): string[];
  /** Asks nobody any more. What was received can still be filtered. */
  stop(): Promise<void>;
  /** When no more comes. */
  readonly ended: Promise<void>;
}

const colors = pc.createColors(true);

/** Shows what the spool has, and from then on what the boxes tell. */
export function startTail(options: TailOptions): Tail {
  const { spool, screen } = options;
  const stop = new AbortController();
  const turns = inTurns();
  const stages = new Set<string>();
  const notes = new Map<string, string>();
  let { filter } = options;
  const areApps = options.app === null && onlyOne(options.which) === undefined;
  const toText = lineWriter(
    options.boxes.map(({ label }) => label),
    areApps,
    colors,
  );
  const print = (entries: readonly Entry[]) => {
    for (const { event } of entries) if (event.type === 'log') stages.add(event.stage);
    const text = entries.filter(({ event }) => isShown(event, filter)).map(toText);
    if (text.length > 0) screen.write(text.join('').replaceAll('\n', '\r\n'));
  };
  const note = (about: string, text: string) => {
    notes.set(about, text);
    void turns.next(async () => screen.write(noteText(text)));
  };
  const replay = async () => {
    screen.clear();
    for await (const entries of inBatches(spool.entries())) {
      print(entries);
      await breathe();
    }
    for (const text of notes.values()) screen.write(noteText(text));
  };
  const keep = async (entries: readonly Entry[]) => {
    try {
      await spool.append(entries);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!notes.has('spool')) note('spool', `lines cannot be kept to be filtered: ${why}`);
    }
  };
  const show = (entries: readonly Entry[]) =>
    turns.next(async () => {
      await keep(entries);
      print(entries);
      await breathe();
    });
  const ended = turns.next(replay).then(() => follow(options, show, note, stop.signal));
  return {
    filter: () => filter,
    setFilter(next) {
      filter = next;
      return turns.next(replay);
    },
    stages: () => [...stages].sort(),
    async stop() {
      stop.abort(new Error('the tail was ended'));
      await ended;
      await turns.next(async () => undefined);
    },
    ended,
  };
}

function noteText(text: string): string {
  return `${colors.yellow(`strata: ${foreignText(text)}`)}\r\n`;
}

type Show = (entries: readonly Entry[]) => Promise<void>;
type Note = (about: string, text: string) => void;

async function follow(options: TailOptions, show: Show, note: Note, signal: AbortSignal): Promise<void> {
  const { which, spool } = options;
  const deployment = onlyOne(which);
  const isComplete = options.boxes.some(
    ({ label }) => deployment !== undefined && spool.isOver(label, deployment),
  );
  if (!isComplete && !signal.aborted) {
    const app = options.app ?? undefined;
    const taken = takenFrom(spool, which);
    const choice: Choice = { app, deployment, since: undefined, isFollowed: true, signal, taken };
    const sources = options.boxes.map((box) => sourceOf(box, note));
    const all = byTime<Entry>();
    const added =
      deployment === undefined ? addAll(all, sources, choice) : addOne(all, sources, choice, note);
    // A box that does not answer holds the others up no longer than that.
    await Promise.race([added.first, wait(patienceMs, undefined, { signal }).catch(() => undefined)]);
    await Promise.all([added.more, showAll(all, show)]);
  }
  if (!signal.aborted) note('end', 'nothing more comes');
}

const patienceMs = 2000;

interface Added {
  /** When all boxes have told what there is. */
  first: Promise<unknown>;
  /** When no more comes. */
  more: Promise<unknown>;
}

/** Each box by itself: one that is away does not keep what begins on others from being seen. */
function addAll(all: ByTime<Entry>, sources: readonly Source[], choice: Choice): Added {
  const firsts = sources.map((source) => addFirst(all, source, choice));
  const more = sources.map(async (source, at) => addNew(all, source, await firsts[at], choice));
  return { first: Promise.all(firsts), more: Promise.all(more).finally(() => all.close()) };
}

function addOne(all: ByTime<Entry>, sources: readonly Source[], choice: Choice, note: Note): Added {
  const first = Promise.all(sources.map((source) => addFirst(all, source, choice)));
  const nothing = () =>
    choice.signal.aborted || note('nothing', `there is no deployment ${choice.deployment} on these boxes`);
  return { first, more: first.then((found) => addMore(all, sources, found, choice, nothing)) };
}

function sourceOf({ label, open }: TailOptions['boxes'][number], note: Note): Source {
  let isLost = false;
  return {
    agent: lazyAgent(label, open),
    presence: presenceOf(label, (text) => note(label, text)),
    isLost: () => isLost,
    failed({ message }: RemoteError) {
      if (!isLost) note(label, `${label}: ${message}`);
      isLost = true;
    },
  };
}

/** So many lines are shown at once at most, and so long they are gathered, in milliseconds. */
const mostTogether = 1000;
const gatherMs = 40;

/** Shows entries some at a time: each message to the editor costs more than a line. */
async function showAll(all: AsyncIterable<Entry>, show: Show): Promise<void> {
  let batch: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const entries = batch;
    batch = [];
    if (entries.length > 0) await show(entries);
  };
  for await (const entry of all) {
    batch.push(entry);
    // Waited for, so that a box is read no faster than lines can be shown.
    if (batch.length >= mostTogether) await flush();
    else timer ??= setTimeout(() => void flush(), gatherMs);
  }
  await flush();
}

async function* inBatches(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < mostTogether) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
