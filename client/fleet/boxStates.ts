import * as vscode from 'vscode';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import { boxId } from './boxId.ts';
import type { FleetBox } from './fleet.ts';
import { type BoxState, followBox } from './followBox.ts';

/** What is known of boxes, followed for as long as somebody looks. */
export interface BoxStates extends vscode.Disposable {
  state(box: FleetBox): BoxState | undefined;
  readonly onDidChange: vscode.Event<FleetBox>;
  /** Looks, until it is disposed of. */
  follow(): vscode.Disposable;
  /** Other boxes are there. */
  boxesChanged(): void;
  /** Asks anew the boxes that a test lets through. */
  retry(isMeant: (box: FleetBox) => boolean): void;
}

/** @param boxes those there are. @param open the agent of one, without asking the person anything. */
export function boxStates(
  boxes: () => readonly FleetBox[],
  open: (box: FleetBox) => Promise<RemoteAgent>,
): BoxStates {
  const changed = new vscode.EventEmitter<FleetBox>();
  const states = new Map<string, BoxState>();
  const followed = new Map<string, AbortController>();
  let lookers = 0;
  const start = (box: FleetBox) => {
    const stop = new AbortController();
    followed.set(boxId(box), stop);
    void followBox(
      () => open(box),
      stop.signal,
      (state) => {
        if (stop.signal.aborted) return;
        // What was known before it is asked anew stays in sight.
        const apps = state.apps ?? states.get(boxId(box))?.apps;
        states.set(boxId(box), { ...state, apps });
        changed.fire(box);
      },
    );
  };
  const stop = (key: string) => {
    followed.get(key)?.abort();
    followed.delete(key);
  };
  const update = () => {
    const wanted = new Map(lookers === 0 ? [] : boxes().map((box) => [boxId(box), box]));
    for (const key of followed.keys()) if (!wanted.has(key)) stop(key);
    for (const [key, box] of wanted) if (!followed.has(key)) start(box);
  };
  return {
    state: (box) => states.get(boxId(box)),
    onDidChange: changed.event,
    follow() {
      lookers++;
      update();
      let isOver = false;
      return new vscode.Disposable(() => {
        if (!isOver) lookers--;
        isOver = true;
        update();
      });
    },
    boxesChanged: update,
    retry(isMeant) {
      for (const box of boxes()) if (isMeant(box)) stop(boxId(box));
      update();
    },
    dispose() {
      for (const key of followed.keys()) stop(key);
      changed.dispose();
    },
  };
}
