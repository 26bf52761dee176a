import { type Walk, type Walked, walk } from './walk.ts';

/** What went wrong on a walk. */
export interface Failure {
  message: string;
  /** The numbers of steps that lead there. */
  steps: number[];
}

/**
 * Walks; what goes wrong is answered with the fewest steps that were found to lead there.
 * @param shortens looks for fewer steps, which can take many times as long as the walk; else all steps are answered.
 */
export async function walkOrFail(
  options: Walk,
  told: (line: string) => void,
  shortens = options.disk === undefined,
): Promise<{ walked: Walked | undefined; failure: Failure | undefined }> {
  const known = { step: 0 };
  const taken: Walk['taken'] = (walked, name) => {
    known.step = walked.step;
    options.taken?.(walked, name);
  };
  try {
    return { walked: await walk({ ...options, taken }), failure: undefined };
  } catch (error) {
    const first = { message: messageOf(error), steps: upTo(options.steps, known.step) };
    told(`seed ${options.seed}, behind step ${known.step}: ${first.message}`);
    return { walked: undefined, failure: shortens ? await shortened(options, first, told) : first };
  }
}

/** The steps up to the first one behind a step. */
function upTo(steps: Iterable<number>, last: number): number[] {
  const all = [...steps];
  return all.slice(0, all.indexOf(last) + 2);
}

/** The walks that are tried to find a shorter one. */
const mostTries = 150;

/** Leaves out stretches of steps, shorter and shorter ones, for as long as the last one still goes wrong. */
async function shortened(
  { seed, every }: Walk,
  first: Failure,
  told: (line: string) => void,
): Promise<Failure> {
  let best = first;
  let tries = 0;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && tries < mostTries; size = size >> 1) {
    for (let at = 0; at < best.steps.length - 1 && tries < mostTries; tries++) {
      const steps = best.steps.filter((_, index) => index < at || index >= at + size);
      const last = best.steps.at(-1) ?? 0;
      if (steps.at(-1) !== last) steps.push(last);
      const message = await failureOf({ seed, every, steps, comparesAt: (step) => step === last });
      if (message === undefined) at += size;
      else best = { message, steps };
    }
    told(`${best.steps.length} steps lead there`);
  }
  return best;
}

async function failureOf(options: Walk): Promise<string | undefined> {
  try {
    await walk(options);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
}
