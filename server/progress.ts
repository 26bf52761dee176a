import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

/** Tells the person that a longer work goes on. */
export interface SlowWork {
  /** The work has come this far. */
  tick(): void;
  done(): void;
}

const afterMs = 1000;

/** Shows progress in the editor from the first second of a work on; nothing for what is quicker. */
export function slowWork(connection: Pick<Connection, 'window'>, title: string): SlowWork {
  const start = performance.now();
  let shown: Promise<WorkDoneProgressServerReporter> | undefined;
  return {
    tick() {
      if (shown !== undefined || performance.now() - start < afterMs) return;
      shown = connection.window.createWorkDoneProgress();
      void shown.then((progress) => progress.begin(title));
    },
    done() {
      void shown?.then((progress) => progress.done());
    },
  };
}
