import fs from 'node:fs';
import type { Deployment } from '../../../protocol/deployment.ts';
import type { Entry } from '../../../remote/logs/entry.ts';
import { inTurns } from '../inTurns.ts';
import type { Line } from './lines.ts';
import { openSegments } from './segments.ts';

/**
 * What a tail has shown, on the disk: so that it can be shown again, by another filter or in a window that was opened anew, and so that
 * the boxes are asked only for what comes behind it.
 */
export interface Spool {
  append(entries: readonly Entry[]): Promise<void>;
  /** All that is kept, in the order in which it was added. */
  entries(): AsyncGenerator<Entry>;
  /** The number of the last event of a deployment, 0 where there was none. */
  lastSeq(box: string, deployment: string): number;
  /** Whether the end of a deployment is in it. */
  isOver(box: string, deployment: string): boolean;
  /** The deployments of which something was added. */
  deployments(): { box: string; deployment: Deployment }[];
  /** The deployments of a box that are not shown; nothing before that is known. */
  passedOver(box: string): ReadonlySet<string> | undefined;
  passOver(box: string, ids: readonly string[]): Promise<void>;
  delete(): Promise<void>;
}

interface Known {
  box: string;
  deployment: Deployment;
  lastSeq: number;
  isOver: boolean;
}

/** What is known of what was shown. */
interface State {
  deployments: Map<string, Known>;
  passedOver: Map<string, ReadonlySet<string>>;
}

/**
 * Opens the spool in a folder, which is made where it is not there.
 * @param most so many lines are kept at least; the oldest of twice as many go.
 */
export async function openSpool(folder: string, most = 100_000): Promise<Spool> {
  const state: State = { deployments: new Map(), passedOver: new Map() };
  const segments = await openSegments(folder, most, () => headOf(state));
  for await (const line of segments.lines()) take(state, line);
  const turns = inTurns();
  const write = (lines: () => Line[]) =>
    turns.next(async () => {
      const these = lines();
      try {
        await segments.write(these);
      } finally {
        // Were the disk full: what is shown does not come twice all the same.
        for (const line of these) take(state, line);
      }
    });
  return {
    append: (entries) => write(() => linesFor(entries, state)),
    entries: () => entriesIn(segments.lines()),
    lastSeq: (box, deployment) => state.deployments.get(keyOf(box, deployment))?.lastSeq ?? 0,
    isOver: (box, deployment) => state.deployments.get(keyOf(box, deployment))?.isOver ?? false,
    deployments: () => [...state.deployments.values()].map(({ box, deployment }) => ({ box, deployment })),
    passedOver: (box) => state.passedOver.get(box),
    passOver: (box, ids) => write(() => [['passedOver', box, [...ids]]]),
    delete: () => turns.next(() => fs.promises.rm(folder, { recursive: true, force: true })),
  };
}

function keyOf(box: string, deployment: string): string {
  return JSON.stringify([box, deployment]);
}

function take({ deployments, passedOver }: State, line: Line): void {
  if (line[0] === 'passedOver') passedOver.set(line[1], new Set(line[2]));
  else if (line[0] === 'deployment') {
    const [, box, deployment, lastSeq, isOver] = line;
    deployments.set(keyOf(box, deployment.id), { box, deployment, lastSeq, isOver });
  } else {
    const [, box, id, event] = line;
    const one = deployments.get(keyOf(box, id));
    if (one === undefined) return;
    one.lastSeq = event.seq;
    one.isOver = event.type === 'end';
  }
}

/** A deployment is written before its first event. */
function linesFor(entries: readonly Entry[], { deployments }: State): Line[] {
  const written = new Set(deployments.keys());
  return entries.flatMap(({ box, deployment, event }): Line[] => {
    const key = keyOf(box, deployment.id);
    const first: Line[] = written.has(key) ? [] : [['deployment', box, deployment, 0, false]];
    written.add(key);
    return [...first, ['event', box, deployment.id, event]];
  });
}

async function* entriesIn(lines: AsyncIterable<Line>): AsyncGenerator<Entry> {
  const deployments = new Map<string, Deployment>();
  for await (const line of lines) {
    if (line[0] === 'deployment') deployments.set(keyOf(line[1], line[2].id), line[2]);
    if (line[0] !== 'event') continue;
    const [, box, id, event] = line;
    const deployment = deployments.get(keyOf(box, id));
    if (deployment !== undefined) yield { box, deployment, event, time: event.time };
  }
}

function headOf({ deployments, passedOver }: State): Line[] {
  return [
    ...[...passedOver].map(([box, ids]): Line => ['passedOver', box, [...ids]]),
    ...[...deployments.values()].map(
      ({ box, deployment, lastSeq, isOver }): Line => ['deployment', box, deployment, lastSeq, isOver],
    ),
  ];
}
