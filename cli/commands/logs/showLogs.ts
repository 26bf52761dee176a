import { once } from 'node:events';
import { addMore } from '../../../remote/logs/addMore.ts';
import { type ByTime, byTime } from '../../../remote/logs/byTime.ts';
import type { Entry } from '../../../remote/logs/entry.ts';
import { addFirst, type Choice, type Source } from '../../../remote/logs/followBox.ts';
import { jsonLine, lineWriter } from '../../../remote/logs/lineText.ts';
import { presenceOf } from '../../../remote/logs/presence.ts';
import { openAgent } from '../../../remote/openAgent.ts';
import type { RemoteAgent } from '../../../remote/remoteAgent.ts';
import { askBoxes } from '../../boxes/askBoxes.ts';
import { readCredentials } from '../../boxes/credentials.ts';
import { exitCodes, UsageError } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { foreignText } from '../../output/foreignText.ts';
import { colorsFor } from '../../output/problems.ts';
import type { BoxOptions } from '../boxes/options.ts';
import { chosenBoxes } from '../boxes/work/chosen.ts';
import { readSince } from './since.ts';

interface Options extends Omit<BoxOptions, 'app'> {
  box?: string[];
  follow?: true;
  deployment?: string;
  since?: string;
  stage?: string;
  stream?: string;
}

/** Shows what the deployments that are meant told, and with `--follow` what they tell. */
export async function showLogs(app: string | undefined, options: Options): Promise<void> {
  const { deployment, since, follow: isFollowed = false } = options;
  if (deployment !== undefined && since !== undefined) {
    throw new UsageError('--deployment names one deployment, and --since several: take one of them');
  }
  const sinceTime = since === undefined ? undefined : readSince(since, Date.now());
  const boxes = chosenBoxes(options.box ?? [], { ...options, ...(app === undefined ? {} : { app }) });
  const credentialsOf = readCredentials();
  const names = boxes.map(({ name }) => name);
  const sources = boxes.map((box) => sourceOf(openAgent(box, credentialsOf(box.name), { answerMs })));
  const areApps = app === undefined && deployment === undefined;
  const toText = options.json ? jsonLine : lineWriter(names, areApps, colorsFor(process.stdout));
  await interruptible(async (signal) => {
    const choice: Choice = { app, deployment, since: sinceTime, isFollowed, signal };
    const all = byTime<Entry>();
    // What is there of all boxes is put into its order, so that nothing is shown before all have said what there is.
    const found = await askBoxes(sources, signal, (source) => addFirst(all, source, choice));
    if (signal.aborted) return;
    if (!isFollowed && found.every((one) => one?.shown.length === 0)) nothingThere(choice);
    const printed = printAll(all, (entry) => (isShown(entry, options) ? toText(entry) : ''), signal);
    await Promise.all([addMore(all, sources, found, choice, () => nothingThere(choice)), printed]);
  });
}

/** A box that does not answer holds nobody up for longer, in milliseconds. */
const answerMs = 10_000;

function sourceOf(agent: RemoteAgent): Source {
  let isLost = false;
  return {
    agent,
    presence: presenceOf(agent.box, tell),
    isLost: () => isLost,
    // It is told once, the other boxes are shown.
    failed({ box, message }) {
      if (!isLost) tell(`${box}: ${message}`);
      isLost = true;
      process.exitCode = exitCodes.problems;
    },
  };
}

async function printAll(
  all: ByTime<Entry>,
  toText: (entry: Entry) => string,
  signal: AbortSignal,
): Promise<void> {
  for await (const entry of all) {
    if (signal.aborted) return;
    // Waits where the reader is slow.
    if (process.stdout.write(toText(entry))) continue;
    await once(process.stdout, 'drain', { signal }).catch(() => undefined);
  }
}

function nothingThere({ app, deployment, signal }: Choice): void {
  if (signal.aborted) return;
  const what =
    deployment === undefined
      ? `deployment${app === undefined ? '' : ` of ${app}`}`
      : `deployment ${deployment}`;
  tell(`there is no ${what} on these boxes`);
  process.exitCode = exitCodes.problems;
}

function tell(text: string): void {
  process.stderr.write(`strata: ${foreignText(text)}\n`);
}

/** A choice of stages or streams is one of lines; what is missing is told in any case. */
function isShown({ event }: Entry, { stage, stream }: Options): boolean {
  if (stage === undefined && stream === undefined) return true;
  if (event.type === 'gap') return true;
  return (
    event.type === 'log' &&
    event.stage === (stage ?? event.stage) &&
    event.stream === (stream ?? event.stream)
  );
}
