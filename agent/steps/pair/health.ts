import { passGate } from '../../deploy/health/gate.ts';
import { gateOf } from '../../deploy/health/healthGate.ts';
import type { HealthCheck } from '../../deploy/health/probe.ts';
import type { StepWork } from '../../deploy/step.ts';
import { filledFor, type PairSettings, type Slot, type SlotAddress } from './settings.ts';

/** Waits until a slot is healthy; `failed`, `cancelled`. */
export async function passHealth(
  work: StepWork,
  { health, address }: PairSettings,
  slot: Slot,
): Promise<void> {
  const at = address(slot);
  const gate = (health && gateOf(health)) ?? { check: connects(at), minHealthyMs: 0 };
  const check = atSlot(gate.check, at, filledFor(slot, at));
  const context = { cwd: work.release, env: {}, user: work.user, signal: work.signal };
  await passGate({ ...gate, check }, context, (isHealthy, text) =>
    work.log(`the slot ${slot} is ${isHealthy ? 'healthy' : 'not healthy yet'}: ${text}`, 'agent'),
  );
}

function connects(address: SlotAddress): HealthCheck {
  return 'port' in address
    ? { kind: 'tcp', host: '127.0.0.1', port: address.port }
    : { kind: 'socket', path: address.socket };
}

/** A check that names the slot; one of HTTP goes to the slot's own socket. */
function atSlot(check: HealthCheck, address: SlotAddress, filled: (text: string) => string): HealthCheck {
  if (check.kind === 'http') {
    const url = filled(check.url);
    return 'port' in address ? { ...check, url } : { ...check, url, socket: address.socket };
  }
  if (check.kind !== 'command') return check;
  const [program, ...args] = check.command;
  return { ...check, command: [program, ...args.map(filled)] };
}
