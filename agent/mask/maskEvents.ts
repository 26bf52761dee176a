import type { EventBody } from '../../protocol/deploymentEvents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Mask } from './mask.ts';

/** A journal that never sees a secret: every text that is told is masked before it reaches the disk. */
export function maskedJournal(journal: Journal, mask: Mask): Journal {
  return {
    get last() {
      return journal.last;
    },
    append: (event) => journal.append(maskEvent(event, mask)),
    events: (after, options) => journal.events(after, options),
    close: () => journal.close(),
  };
}

function maskEvent(event: EventBody, mask: Mask): EventBody {
  switch (event.type) {
    case 'log':
      return { ...event, text: mask.apply(event.text) };
    case 'health':
      return { ...event, check: mask.apply(event.check), text: mask.apply(event.text) };
    case 'state':
    case 'end':
      return event.reason === undefined ? event : { ...event, reason: mask.apply(event.reason) };
    case 'gap':
      return event;
  }
}
