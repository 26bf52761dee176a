import { hideSecrets } from './appHook.ts';
import { asAgentError } from './failures.ts';
import type { Step, StepContext } from './step.ts';
import { configOf, releaseFolder, say, type Work } from './work.ts';

/** Does one part of all steps that the app wants, in their order. */
export async function runSteps(work: Work, part: 'prepare' | 'deployed', release: string): Promise<void> {
  for (const step of work.box.options.steps ?? []) {
    if (step[part] === undefined) continue;
    // A step may depend on the configuration that the one before rendered.
    const context = await contextOf(work, step, release, work.signal);
    if (step.applies(context)) await step[part](context);
  }
}

/**
 * Takes back what the steps changed outside of the release, the last one first. All of them are asked, whatever fails.
 * @returns what failed, in words.
 */
export async function restoreSteps(work: Work, release: string): Promise<string[]> {
  // What is put back needs room, and so does a hook behind it.
  await work.box.reserve.giveUpIfScarce().catch(() => undefined);
  const failures: string[] = [];
  for (const step of [...(work.box.options.steps ?? [])].reverse()) {
    if (step.restore === undefined) continue;
    try {
      const context = await contextOf(work, step, release, new AbortController().signal);
      if (step.applies(context)) await step.restore(context);
    } catch (error) {
      failures.push(`${step.name} could not be restored: ${asAgentError(error).message}`);
    }
  }
  return failures;
}

async function contextOf(work: Work, step: Step, release: string, signal: AbortSignal): Promise<StepContext> {
  // What a step tells must not have them, also in a later life of the agent.
  await hideSecrets(work, release);
  const { app, version, swing } = work.record;
  const live = swing?.live ?? undefined;
  return {
    app,
    version,
    release,
    previous: live === undefined ? undefined : releaseFolder(work, live),
    config: await configOf(release),
    configs: work.record.request.configs,
    environment: work.settings.environment,
    cluster: work.settings.cluster,
    log: (text, stream) => say(work, step.name, text, stream),
    mask: (secret) => work.mask.add(secret),
    signal,
  };
}
