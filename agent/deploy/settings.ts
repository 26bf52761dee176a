import type { HealthGate } from './health/gate.ts';
import type { HookUser } from './hooks/runHook.ts';

/** What the box's configuration says of an app. Times are in milliseconds. */
export interface AppSettings {
  environment: string;
  cluster?: string | undefined;
  /** Whom hooks and health commands run as, and whom releases belong to: only where the agent is root. */
  user?: HookUser | undefined;
  /** More variables for hooks. */
  variables?: Record<string, string> | undefined;
  hookTimeoutMs?: number | undefined;
  /** Between `SIGTERM` and `SIGKILL`. */
  hookGraceMs?: number | undefined;
  /** How much a hook may write, in bytes. */
  hookOutput?: number | undefined;
  /** None when left out. */
  health?: HealthGate | undefined;
  /** How many releases stay beside the live one and the previous one. */
  keep?: number | undefined;
}

/** What is meant where the box's configuration says nothing. */
export const usualSettings: { hookTimeoutMs: number; hookGraceMs: number; hookOutput: number; keep: number } =
  {
    hookTimeoutMs: 30 * 60_000,
    hookGraceMs: 10_000,
    hookOutput: 256 * 1024 * 1024,
    keep: 3,
  };
