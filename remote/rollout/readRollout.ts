import { outcomes, type Rollout } from './record.ts';

/** Reads a record as it was kept; nothing for what is none, or is one of another form. */
export function readRollout(value: unknown): Rollout | undefined {
  return isRollout(value) ? value : undefined;
}

function isRollout(value: unknown): value is Rollout {
  if (!isObject(value)) return false;
  const { format, id, action, app, environment, workspace, boxes, batch, maxFailures } = value;
  const texts = [id, action, app, environment, workspace];
  const numbers = [batch, maxFailures];
  return (
    format === 1 &&
    texts.every((one) => typeof one === 'string') &&
    numbers.every((one) => Number.isInteger(one)) &&
    Array.isArray(boxes) &&
    boxes.every(isBox)
  );
}

function isBox(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { box, request, isBegun, lastEvent, outcome, balancing } = value;
  const isKnown = outcome === null || outcomes.some((one) => one === outcome);
  const isRight = typeof box === 'string' && isObject(request) && typeof isBegun === 'boolean';
  return (
    isRight && isKnown && Number.isInteger(lastEvent) && (balancing === undefined || isBalancing(balancing))
  );
}

function isBalancing(value: unknown): boolean {
  return isObject(value) && typeof value.stage === 'string' && Array.isArray(value.outOf);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
