import type { Webhook } from './webhooks.ts';

/** How a call went. */
export interface CallAnswer {
  isDelivered: boolean;
  /** Another try would change nothing. */
  isFinal: boolean;
  /** For a person, without the address: it may hold a secret. */
  why: string;
  /** How long the other side wants to be left alone, in milliseconds. */
  waitMs: number;
}

const longestCallMs = 30_000;
/** Answers that say that it may work later, beside all from 500 on. */
const laterStatus = [408, 425, 429];

/** Makes one call, and never throws. It follows no redirects: the report is for that address alone. */
export async function callWebhook(
  { url, headers }: Webhook,
  body: string,
  signal: AbortSignal,
): Promise<CallAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'strata-agent', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestCallMs)]),
    });
    await response.body?.cancel();
    return answerOf(response);
  } catch (error) {
    return { isDelivered: false, isFinal: false, why: reasonOf(error), waitMs: 0 };
  }
}

function answerOf({ ok, status, headers }: Response): CallAnswer {
  const isFinal = status < 500 && !laterStatus.includes(status);
  const waitMs = 1000 * (Number(headers.get('retry-after')) || 0);
  return { isDelivered: ok, isFinal, why: `it answered ${status}`, waitMs };
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
