import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { journalFailure } from '../journal/failure.ts';
import { callWebhook } from './callWebhook.ts';
import { type Delivery, openQueue, type Queue } from './queue.ts';
import { bodyOf, type Occasion, type Report, type WebhookFormat } from './report.ts';

/** Who wants to hear of deployments. */
export interface Webhook {
  /** Tells them apart, also when addresses change. */
  name: string;
  url: string;
  /** `json` when left out. */
  format?: WebhookFormat;
  /** All when left out. */
  on?: readonly Occasion[];
  headers?: Readonly<Record<string, string>>;
}

export interface WebhookOptions {
  /** The folder that the agent keeps its state in. */
  state: string;
  webhooks: readonly Webhook[];
  /** Told what could not be delivered, for the log of the agent. */
  onProblem(message: string): void;
  /** The pause before the second try, which doubles each time, in milliseconds: 1,000. */
  firstPauseMs?: number;
  /** How long a call is tried, in milliseconds: a day. */
  patienceMs?: number;
  /** How many calls of one webhook may wait; the oldest go: 1,000. */
  most?: number;
  /** Told of each report that nobody will get, beside the log. */
  onDrop?(webhook: string, why: string, body: string): void;
}

/** Tells others of deployments. */
export interface Webhooks {
  /** Notes the calls on the disk; they are made in the background. `full`, `unavailable`. */
  tell(report: Report): Promise<void>;
  /** Stops; what is not delivered waits for the next start. */
  close(): Promise<void>;
}

interface State {
  queue: Queue;
  options: Required<WebhookOptions>;
  /** How many calls of a webhook wait, where that is known. */
  counts: Map<string, number>;
  stop: AbortController;
  /** Ends calls, a moment after `stop`: who was called may be about to answer. */
  cut: AbortController;
  /** Those that are at work, by name. */
  working: Map<string, Promise<void>>;
}

const longestPauseMs = 5 * 60_000;
const graceMs = 2000;

/**
 * Opens the queue in `STATE/webhooks/` and goes on with what lies in it. Calls of one webhook are made in order, each until it
 * succeeds, is refused for good or is too old; a call may arrive twice where the agent is killed.
 */
export async function openWebhooks(options: WebhookOptions): Promise<Webhooks> {
  const folder = path.join(options.state, 'webhooks');
  const queue = await openQueue(folder).catch((error) => {
    throw journalFailure(`opening the queue of webhooks ${folder}`, error);
  });
  const all = { firstPauseMs: 1000, patienceMs: 24 * 3600_000, most: 1000, onDrop: () => {}, ...options };
  const strays = await queue.clear(options.webhooks.map(({ name }) => name)).catch(() => 0);
  if (strays > 0)
    options.onProblem(`webhooks: ${strays} reports that belong to no webhook any more are gone`);
  const state: State = {
    queue,
    options: all,
    counts: new Map(),
    stop: new AbortController(),
    cut: new AbortController(),
    working: new Map(),
  };
  for (const webhook of options.webhooks) start(state, webhook);
  return {
    tell: (report) => tell(state, report),
    async close() {
      state.stop.abort();
      const timer = setTimeout(() => state.cut.abort(), graceMs);
      await Promise.all(state.working.values());
      clearTimeout(timer);
    },
  };
}

async function tell(state: State, report: Report): Promise<void> {
  for (const webhook of state.options.webhooks) {
    if (webhook.on !== undefined && !webhook.on.includes(report.result)) continue;
    const body = bodyOf(report, webhook.format ?? 'json');
    try {
      await state.queue.add({ webhook: webhook.name, body, created: Date.now() });
      await dropOldest(state, webhook);
    } catch (error) {
      throw journalFailure(`noting a call of the webhook ${webhook.name}`, error);
    }
    start(state, webhook);
  }
}

/** Whoever cannot be reached for long gets the newest ones. */
async function dropOldest(state: State, { name }: Webhook): Promise<void> {
  const { most } = state.options;
  const waiting = (state.counts.get(name) ?? (await state.queue.all(name)).length - 1) + 1;
  state.counts.set(name, waiting);
  if (waiting <= most) return;
  const all = await state.queue.all(name);
  for (const { file, delivery } of all.slice(0, Math.max(0, all.length - most))) {
    await state.queue.remove(file);
    drop(state, name, `${most} newer ones wait`, delivery);
  }
  state.counts.set(name, Math.min(all.length, most));
}

function drop({ options }: State, webhook: string, why: string, { body }: Delivery): void {
  options.onProblem(`webhook ${webhook}: a report was given up: ${why}`);
  options.onDrop(webhook, why, body);
}

function start(state: State, webhook: Webhook): void {
  // Whoever is at work may be about to stop: it is looked after once more.
  const before = state.working.get(webhook.name) ?? Promise.resolve();
  const work = before
    .then(() => deliverAll(state, webhook))
    .catch((error: Error) => {
      if (!state.stop.signal.aborted) state.options.onProblem(`webhook ${webhook.name}: ${error.message}`);
    });
  state.working.set(webhook.name, work);
}

async function deliverAll(state: State, webhook: Webhook): Promise<void> {
  while (!state.stop.signal.aborted) {
    const next = await state.queue.first(webhook.name);
    if (next === undefined) return;
    const problem = await deliver(state, webhook, next.delivery);
    if (state.stop.signal.aborted && problem !== undefined) return;
    if (problem !== undefined) drop(state, webhook.name, problem, next.delivery);
    await state.queue.remove(next.file);
    state.counts.delete(webhook.name);
  }
}

/** Tries until it is delivered; the answer says why it was given up. */
async function deliver(
  state: State,
  webhook: Webhook,
  { body, created }: Delivery,
): Promise<string | undefined> {
  const { firstPauseMs, patienceMs } = state.options;
  const { signal } = state.stop;
  const began = performance.now();
  // A clock that was set forward makes nothing old at once.
  const isTooOld = () => {
    const tried = performance.now() - began;
    return tried > patienceMs || (tried > patienceMs / 24 && Date.now() - created > patienceMs);
  };
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
    const answer = await callWebhook(webhook, body, state.cut.signal);
    if (answer.isDelivered) return undefined;
    if (answer.isFinal || signal.aborted || isTooOld()) return answer.why;
    // Boxes that fail at once do not come back at once.
    const ms = Math.max(answer.waitMs, wait * (0.5 + Math.random()));
    await pause(Math.min(ms, longestPauseMs), undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return answer.why;
  }
}
