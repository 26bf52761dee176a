import type { Box } from '../../../core/workspace/boxSettings.ts';
import type { AppStatus } from '../../../protocol/appStatus.ts';
import { RemoteError } from '../../../remote/failure.ts';
import { openAgent } from '../../../remote/openAgent.ts';
import { askBoxes } from '../../boxes/askBoxes.ts';
import { type CredentialsOf, readCredentials } from '../../boxes/credentials.ts';
import { readTimeout } from '../../boxes/timeout.ts';
import { exitCodes } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { printJson } from '../../output/json.ts';
import type { BoxOptions } from '../boxes/options.ts';
import { chosenBoxes } from '../boxes/work/chosen.ts';
import { printStatus } from './printStatus.ts';

interface Options extends BoxOptions {
  box?: string[];
  timeout: string;
}

/** What is known of a box: its apps, or why it could not be asked. */
export interface BoxStatus {
  box: Box;
  apps: AppStatus[];
  failure: RemoteError | undefined;
}

/** Asks the boxes that are meant what is live there, and prints it. */
export async function showStatus(app: string | undefined, options: Options): Promise<void> {
  const timeoutMs = readTimeout(options.timeout);
  const boxes = chosenBoxes(options.box ?? [], { ...options, ...(app === undefined ? {} : { app }) });
  const credentialsOf = readCredentials();
  await interruptible(async (signal) => {
    const found = await askBoxes(boxes, signal, (box) =>
      statusOf(box, app, { credentialsOf, timeoutMs, signal }),
    );
    // Who was interrupted has seen enough.
    if (signal.aborted) return;
    if (found.some(({ failure }) => failure !== undefined)) process.exitCode = exitCodes.problems;
    if (options.json) printJson({ boxes: found.map(statusJson) });
    else printStatus(found);
  });
}

async function statusOf(
  box: Box,
  app: string | undefined,
  {
    credentialsOf,
    timeoutMs,
    signal,
  }: { credentialsOf: CredentialsOf; timeoutMs: number; signal: AbortSignal },
): Promise<BoxStatus> {
  const agent = openAgent(box, credentialsOf(box.name), { answerMs: timeoutMs, silenceMs: timeoutMs });
  try {
    const apps = await agent.apps(signal);
    return { box, apps: apps.filter((one) => app === undefined || one.app === app), failure: undefined };
  } catch (error) {
    if (!(error instanceof RemoteError)) {
      if (signal.aborted) return { box, apps: [], failure: undefined };
      throw error;
    }
    return { box, apps: [], failure: error };
  }
}

function statusJson({ box, apps, failure }: BoxStatus): object {
  const { name, environment, cluster = null } = box;
  const error = failure === undefined ? null : { code: failure.code, message: failure.message };
  return { box: name, environment, cluster, error, apps };
}
