import type { LayerSource } from '../../core/source.ts';
import { type ContextList, methods } from '../../protocol/contexts.ts';
import { mapSource } from '../support/fixture.ts';
import { differenceOf } from './difference.ts';
import { type Editor, openEditor } from './editor.ts';
import { inMemory, isManifest } from './places.ts';
import { outlineOf, someQuestions } from './questions.ts';
import { type Random, randomFrom } from './random.ts';
import { brokenText, changeBuffer, mend, someStep } from './steps.ts';
import { startWorld, textOf, type World } from './world.ts';

/** What is walked. */
export interface Walk {
  seed: number;
  /** The numbers of the steps to take: each step comes of the seed, its number and the files as they are then. */
  steps: Iterable<number>;
  /** About every how many steps the servers are asked. */
  every: number;
  /** Whether answers are compared at a step: else only the live server is asked. Everywhere when left out. */
  comparesAt?: (step: number) => boolean;
  /** Called after each step. */
  taken?: (walked: Walked, name: string) => void;
  /** Where files lie really. */
  disk?: WalkedDisk;
}

/** A disk that the server watches by itself. */
export interface WalkedDisk {
  /** The folder that all files lie in. */
  base: string;
  source: LayerSource;
  /** Brings the disk to where the world begins. */
  prepare(world: World): void;
  /** Brings the disk to where the world is, and waits until the server has seen it. */
  follow(world: World, editor: Editor): Promise<void>;
}

/** How far it went. */
export interface Walked {
  step: number;
  steps: number;
  comparisons: number;
  answers: number;
}

/** The live server said something else than a new one. */
export class Differs extends Error {}

/**
 * Takes steps, and compares every answer of the live server with those of a new one on the same files.
 * @throws Differs, or `ServerFault` when a server did not answer.
 */
export async function walk({ seed, steps, every, comparesAt, taken, disk }: Walk): Promise<Walked> {
  const world = startWorld(seed, disk?.base ?? inMemory);
  const source = disk?.source ?? mapSource(world.disk);
  disk?.prepare(world);
  const live = await openEditor(world, source, disk === undefined);
  const walked: Walked = { step: 0, steps: 0, comparisons: 0, answers: 0 };
  const pair: Pair = { world, source, live, walked, disk };
  try {
    await arrive(pair);
    for (const step of steps) {
      walked.step = step;
      const random = randomFrom(seed, step);
      const { name, messages } = someStep(world, random, disk !== undefined);
      // On a disk that the server watches by itself nobody else tells of changes.
      await live.send(messages.filter(({ method }) => disk === undefined || method !== watchedFiles));
      if (random.chance(1 / every)) await stopAndLook(pair, random, comparesAt?.(step) ?? true);
      walked.steps++;
      taken?.(walked, name);
    }
  } finally {
    await live.stop();
  }
  return walked;
}

const watchedFiles = 'workspace/didChangeWatchedFiles';

interface Pair {
  world: World;
  source: LayerSource;
  live: Editor;
  walked: Walked;
  disk: WalkedDisk | undefined;
}

/** Waits until the live server has seen everything. */
async function arrive({ world, live, disk }: Pair): Promise<void> {
  await disk?.follow(world, live);
  await live.settle();
  const list = (await live.ask({ method: methods.contexts, params: null })) as ContextList;
  world.contexts = list.contexts;
}

/** Compares as things are, and at times goes on with both servers to where a document is broken. */
async function stopAndLook(pair: Pair, random: Random, compares: boolean): Promise<void> {
  const { world, live } = pair;
  const mended = mend(world, random);
  await live.send(mended.filter(({ method }) => pair.disk === undefined || method !== watchedFiles));
  await arrive(pair);
  const fresh = compares ? await openEditor(world, pair.source) : undefined;
  try {
    await compare(pair, fresh, random);
    if (random.chance(0.3)) await breakBoth(pair, fresh, random);
  } finally {
    await fresh?.stop();
  }
}

/** Both servers have read the sound text when it breaks. */
async function breakBoth(pair: Pair, fresh: Editor | undefined, random: Random): Promise<void> {
  const { world, live } = pair;
  const file = random.pickOf([...world.open.keys()].filter((one) => !isManifest(one)));
  const text = file === undefined ? undefined : brokenText(random, textOf(world, file) ?? '');
  if (file === undefined || text === undefined) return;
  const messages = changeBuffer(world, file, text);
  for (const one of fresh ? [live, fresh] : [live]) {
    await one.ask(outlineOf(file));
    await one.send(messages);
  }
  await compare(pair, fresh, random);
}

async function compare(
  { world, live, walked }: Pair,
  fresh: Editor | undefined,
  random: Random,
): Promise<void> {
  const check = (what: string, one: unknown, other: unknown) => {
    const difference = fresh && differenceOf(one, other);
    if (difference !== undefined) throw new Differs(`${what}\n${difference}`);
    walked.answers++;
  };
  await live.settle();
  await fresh?.settle();
  check('problems', live.problems(), fresh?.problems());
  for (const question of someQuestions(world, random, 8)) {
    check(JSON.stringify(question), await live.ask(question), await fresh?.ask(question));
  }
  // What the questions have read must not have changed what is told.
  await live.settle();
  check('problems after questions', live.problems(), fresh?.problems());
  walked.comparisons++;
}
