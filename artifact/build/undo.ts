/** What is to be taken back should the work end early: processes that run, files that are changed for a while. */
export interface Undo {
  /** Remembers how to take something back; the answer forgets it again, without doing it. */
  add(action: () => void): () => void;
  /** Takes everything back, the last first. One that fails does not stop the others. */
  run(): void;
}

/** Actions are synchronous, so that they can run while the process exits. */
export function undoStack(): Undo {
  const actions = new Set<() => void>();
  return {
    add(action) {
      // Each addition is one of its own, also of the same function.
      const own = () => action();
      actions.add(own);
      return () => {
        actions.delete(own);
      };
    },
    run() {
      for (const action of [...actions].reverse()) {
        actions.delete(action);
        try {
          action();
        } catch {
          // The others are taken back all the same; whoever adds an action tells of what matters in it.
        }
      }
    },
  };
}
