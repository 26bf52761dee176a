import { setTimeout as wait } from 'node:timers/promises';
import { AgentError } from '../../failure.ts';
import { type HealthCheck, type ProbeContext, probe } from './probe.ts';

/** What an app has to pass to be called healthy. Times are in milliseconds. */
export interface HealthGate {
  check: HealthCheck;
  /** How long it must stay healthy without a break; 0 when left out. */
  minHealthyMs?: number | undefined;
  /** Until when it must have begun to be healthy, from the start; 60 s when left out. */
  deadlineMs?: number | undefined;
  /** Between two checks; 1 s when left out. */
  intervalMs?: number | undefined;
  /** Before the first check, from which the rest counts; 0 when left out. */
  startPeriodMs?: number | undefined;
  /** Of one check; 5 s when left out. */
  timeoutMs?: number | undefined;
}

const usual = { minHealthyMs: 0, deadlineMs: 60_000, intervalMs: 1000, timeoutMs: 5000, startPeriodMs: 0 };

/** Told whenever the health differs from before. */
export type TellHealth = (isHealthy: boolean, text: string) => void;

/** Waits until an app has been healthy for as long as it must. `failed` where it is not in time, `cancelled`. */
export async function passGate(gate: HealthGate, context: ProbeContext, tell: TellHealth): Promise<void> {
  const { minHealthyMs, deadlineMs, intervalMs, timeoutMs, startPeriodMs } = { ...usual, ...given(gate) };
  await pause(startPeriodMs, context.signal);
  checkAsked(context.signal);
  const start = performance.now();
  let since: number | undefined;
  let told: string | undefined;
  for (;;) {
    const { isHealthy, text } = await probe(gate.check, timeoutMs, context);
    checkAsked(context.signal);
    if (`${isHealthy} ${text}` !== told) tell(isHealthy, text);
    told = `${isHealthy} ${text}`;
    const now = performance.now();
    since = isHealthy ? (since ?? now) : undefined;
    if (since === undefined) {
      if (now - start > deadlineMs) throw tooLate(deadlineMs, text);
      await pause(intervalMs, context.signal);
    } else {
      const rest = since + minHealthyMs - now;
      if (rest <= 0) return;
      await pause(Math.min(intervalMs, rest), context.signal);
    }
  }
}

function given(gate: HealthGate): Partial<typeof usual> {
  return Object.fromEntries(Object.entries(gate).filter(([, value]) => typeof value === 'number'));
}

function checkAsked(signal: AbortSignal): void {
  if (signal.aborted) throw new AgentError('cancelled', 'it was cancelled while its health was checked');
}

function tooLate(deadlineMs: number, text: string): AgentError {
  return new AgentError('failed', `it is not healthy after ${deadlineMs / 1000} s: ${text}`);
}

/** Less where somebody asks to stop. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
