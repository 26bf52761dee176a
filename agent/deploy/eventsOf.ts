import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Fleet } from './fleet.ts';
import type { DeploymentRecord } from './records.ts';

/**
 * The events of a deployment; see `Agent.events`. Where one has ended and its journal does not say so (its disk lost the end, or could not
 * take it), that is told all the same: nobody waits for ever.
 */
export async function* eventsOf(
  { box, running }: Fleet,
  record: DeploymentRecord,
  after: number,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<DeploymentEvent> {
  const journal = await box.options.journals.open(record.id);
  const over = running.get(record.id)?.over.signal;
  const parts = over === undefined || !follow ? [{ signal }] : [{ follow, until: over, signal }, { signal }];
  let last = after;
  try {
    for (const part of parts) {
      for await (const event of someEvents(journal, last, part)) {
        yield event;
        if (event.type === 'end') return;
        last = event.seq;
      }
    }
    const { result, reason, updated: time } = record;
    if (signal.aborted || result === null || running.has(record.id) || last > journal.last) return;
    yield { type: 'end', seq: journal.last + 1, time, result, ...(reason === null ? {} : { reason }) };
  } finally {
    await journal.close();
  }
}

interface Part {
  signal: AbortSignal;
  follow?: boolean;
  until?: AbortSignal;
}

function someEvents(
  journal: Journal,
  after: number,
  { signal, until, follow = false }: Part,
): AsyncIterable<DeploymentEvent> {
  const ends = until === undefined ? signal : AbortSignal.any([signal, until]);
  return journal.events(after, { follow, signal: ends });
}
