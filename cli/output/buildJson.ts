import type { Outcome } from '../commands/build/buildApps.ts';

/** A build in the form of `build --json` (docs/building.md): one line an app. */
export function buildJson(outcome: Outcome): object {
  const { app, failure } = outcome;
  const told = failure === undefined ? null : { code: failure.code, message: failure.message };
  const head = { app, built: failure === undefined, failure: told };
  if (!('steps' in outcome)) return { ...head, steps: [] };
  const { source, channel = null, uploaded, tarball, tests = null, steps, logs, warnings } = outcome;
  return {
    ...head,
    channel,
    version: uploaded?.version ?? null,
    store: uploaded?.where ?? null,
    signed: uploaded?.signed ?? null,
    sha256: tarball?.sha256 ?? null,
    size: tarball?.size ?? null,
    compression: tarball?.compression ?? null,
    commit: source.commit ?? null,
    branch: source.branch ?? null,
    tag: source.tag ?? null,
    message: source.message ?? null,
    dirty: source.changed === undefined ? null : source.changed.length > 0,
    tests,
    steps: steps.map(({ step, outcome: how, ms }) => ({ step, outcome: how, ms })),
    warnings,
    logs,
  };
}
