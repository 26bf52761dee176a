import * as vscode from 'vscode';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { Balancer } from '../../remote/balancer/balancer.ts';
import type { RemoteAgent } from '../../remote/remoteAgent.ts';
import type { RolloutEvent } from '../../remote/rollout/events.ts';
import { isRunElsewhere, type Kept, keepRollout, keptIds, readKept } from '../../remote/rollout/files.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { runRollout } from '../../remote/rollout/run.ts';
import type { Watched } from './rows.ts';
import { newStory, type Story, takeIn, withHistory } from './story.ts';

/** The agents of boxes, and what gives requests to each box, by its name. */
export interface Ways {
  agents: readonly RemoteAgent[];
  balancers: ReadonlyMap<string, readonly Balancer[]>;
}

/** The deployments that were begun from this editor: those that run, and the last ones that ended. */
export interface Deployments extends vscode.Disposable {
  /** Newest first; also those of other windows. */
  list(): Rollout[];
  /** What is known of one; nothing where there is no record of it. */
  watched(id: string): Watched | undefined;
  /** Whether it is followed in this window. */
  isFollowed(id: string): boolean;
  /** Whether another window follows it. */
  isElsewhere(id: string): boolean;
  /**
   * Begins a rollout, or goes on with one; what happens is told by {@link onDidChange}. Resolves with the rollout when it has ended or nobody
   * waits for it any more. Throws a `RecordError` before anything is begun.
   */
  run(rollout: Rollout, ways: Ways): Promise<Rollout>;
  /** Begins no other box, cancels what runs, and waits for it. */
  cancel(id: string): void;
  /** Waits for nothing any longer: what runs goes on on the boxes. */
  leave(id: string): void;
  /** Takes in what a box told of its deployment, from the beginning on, while nobody listened here. */
  addHistory(id: string, box: string, events: readonly DeploymentEvent[]): void;
  /** Something is known that was not; with the id of the rollout. */
  readonly onDidChange: vscode.Event<string>;
}

/** What this window knows of a rollout beside its record. */
interface Heard {
  stories: Map<string, Story>;
  away: Map<string, string>;
  cancelling: Set<string>;
}

/** A rollout that is followed here. */
interface Followed {
  rollout: Rollout;
  stop: AbortController;
  leave: AbortController;
}

/** @param folder where records are kept; they outlive the window. */
export function openDeployments(folder: string): Deployments {
  const followed = new Map<string, Followed>();
  const heard = new Map<string, Heard>();
  const changed = new vscode.EventEmitter<string>();
  const heardOf = (id: string): Heard => {
    const known = heard.get(id) ?? { stories: new Map(), away: new Map(), cancelling: new Set() };
    heard.set(id, known);
    return known;
  };
  const kept = (id: string): Kept | undefined => {
    const one = readKept(folder, id);
    return typeof one === 'string' ? undefined : one;
  };
  const rolloutOf = (id: string) => followed.get(id)?.rollout ?? kept(id)?.rollout;
  return {
    list: () => keptIds(folder).flatMap((id) => rolloutOf(id) ?? []),
    watched(id) {
      const rollout = rolloutOf(id);
      const stop = followed.get(id)?.stop;
      const state = stop === undefined ? 'idle' : stop.signal.aborted ? 'stopping' : 'running';
      return rollout && { rollout, ...heardOf(id), state };
    },
    isFollowed: (id) => followed.has(id),
    isElsewhere(id) {
      const one = followed.has(id) ? undefined : kept(id);
      return one !== undefined && isRunElsewhere(one);
    },
    async run(rollout, ways) {
      const { id } = rollout;
      const one: Followed = { rollout, stop: new AbortController(), leave: new AbortController() };
      followed.set(id, one);
      const tell = () => changed.fire(id);
      try {
        return await follow(one, ways, heardOf(id), (now) => keepRollout(now, folder), tell);
      } finally {
        followed.delete(id);
        tell();
      }
    },
    cancel(id) {
      followed.get(id)?.stop.abort();
      changed.fire(id);
    },
    leave: (id) => followed.get(id)?.leave.abort(),
    addHistory(id, box, events) {
      const { stories } = heardOf(id);
      stories.set(box, withHistory(stories.get(box), events));
      changed.fire(id);
    },
    onDidChange: changed.event,
    dispose() {
      for (const { leave } of followed.values()) leave.abort();
      changed.dispose();
    },
  };
}

async function follow(
  one: Followed,
  { agents, balancers }: Ways,
  heard: Heard,
  keep: (rollout: Rollout) => void,
  changed: () => void,
): Promise<Rollout> {
  return await runRollout(one.rollout, {
    agents: new Map(agents.map((agent) => [agent.box, agent])),
    balancers,
    async keep(now) {
      keep(now);
      one.rollout = structuredClone(now);
      changed();
    },
    tell(event) {
      note(heard, event);
      changed();
    },
    signal: one.stop.signal,
    leave: one.leave.signal,
  });
}

function note({ stories, away, cancelling }: Heard, event: RolloutEvent): void {
  switch (event.type) {
    case 'event': {
      const story = stories.get(event.box) ?? newStory();
      stories.set(event.box, story);
      takeIn(story, event.event);
      return;
    }
    case 'away':
      away.set(event.box, event.reason);
      return;
    case 'back':
      away.delete(event.box);
      return;
    case 'cancelling':
      if (event.reason === null) cancelling.add(event.box);
      return;
    case 'ended':
    case 'left':
      away.delete(event.box);
      cancelling.delete(event.box);
      return;
    default:
      return;
  }
}
