import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pc from 'picocolors';
import type { Deployment } from '../../protocol/deployment.ts';
import { byTime } from '../../remote/logs/byTime.ts';
import type { Entry } from '../../remote/logs/entry.ts';
import { jsonLine, lineWriter } from '../../remote/logs/lineText.ts';
import type { LogAgent } from './lazyAgent.ts';

/** One deployment of a log that is saved. */
export interface SavedDeployment {
  agent: LogAgent;
  id: string;
}

export interface SaveOptions {
  /** Lines of JSON in place of lines for people. */
  isJson: boolean;
  signal: AbortSignal;
  /** Told how much of it is there, from 0 to 1. */
  progress(part: number): void;
}

/**
 * Fetches the whole log of deployments, those of several boxes in the order of their time, and writes it to a file. The file is there
 * when it is whole: what is given up or fails leaves what was there before. Throws a `RemoteError`, an error of the disk, or the signal's reason.
 * @returns the deployments as they were then; one that runs has the log up to then.
 */
export async function saveLog(
  file: string,
  deployments: readonly SavedDeployment[],
  { isJson, signal, progress }: SaveOptions,
): Promise<Deployment[]> {
  const known = await Promise.all(deployments.map(({ agent, id }) => agent.deployment(id, signal)));
  const boxes = [...new Set(deployments.map(({ agent }) => agent.box))];
  const areApps = new Set(known.map(({ app }) => app)).size > 1;
  const toText = isJson ? jsonLine : lineWriter(boxes, areApps, pc.createColors(false), 'all');
  const most = known.reduce((sum, { lastEvent }) => sum + lastEvent, 0);
  const part = `${file}.part`;
  const texts = textsOf(entriesOf(deployments, known, signal), toText, (count) =>
    progress(Math.min(1, count / most)),
  );
  try {
    await pipeline(texts, fs.createWriteStream(part), { signal });
    await fs.promises.rename(part, file);
    return known;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await fs.promises.rm(part, { force: true });
  }
}

const together = 1000;

/** Many lines at a time: each piece of a stream costs more than a line. */
async function* textsOf(
  entries: AsyncIterable<Entry>,
  toText: (entry: Entry) => string,
  told: (count: number) => void,
): AsyncGenerator<string> {
  let [text, count] = ['', 0];
  for await (const entry of entries) {
    text += toText(entry);
    if (++count % together !== 0) continue;
    yield text;
    text = '';
    told(count);
  }
  if (text !== '') yield text;
}

/** What all of them told, in the order of its time; throws what the first of them throws. */
async function* entriesOf(
  deployments: readonly SavedDeployment[],
  known: readonly Deployment[],
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const all = byTime<Entry>();
  const failures: unknown[] = [];
  deployments.forEach(({ agent, id }, at) => {
    const deployment = known[at];
    if (deployment === undefined) return;
    all.add(async function* () {
      try {
        for await (const event of agent.events(id, 0, { follow: false, signal })) {
          yield { box: agent.box, deployment, event, time: event.time };
        }
      } catch (error) {
        failures.push(error);
      }
    });
  });
  all.close();
  for await (const entry of all) {
    if (failures.length > 0) break;
    yield entry;
  }
  if (failures.length > 0) throw failures[0];
}
