import type { Journal, Journals } from '../../../agent/journal/journal.ts';
import type { Store } from '../../../artifact/store/store.ts';
import type { DeploymentState } from '../../../protocol/deployment.ts';

/** Journals that do something right before a state is written for the first time. */
export function beforeState(journals: Journals, state: DeploymentState, act: () => void): Journals {
  let isDone = false;
  const over = (journal: Journal): Journal => ({
    get last() {
      return journal.last;
    },
    async append(event) {
      if (!isDone && event.type === 'state' && event.state === state) {
        isDone = true;
        act();
      }
      return await journal.append(event);
    },
    events: (after, options) => journal.events(after, options),
    close: () => journal.close(),
  });
  return {
    ...journals,
    create: async (id) => over(await journals.create(id)),
    open: async (id) => over(await journals.open(id)),
  };
}

/** A store that does something right before bytes of an archive are read. */
export function beforeBytes(store: Store, act: () => void): Store {
  return {
    ...store,
    async get(key, options) {
      if (/\.tar\.gz\/[^/]+$/.test(key)) act();
      return await store.get(key, options);
    },
  };
}
