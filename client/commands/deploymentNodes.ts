import { isObject, isText } from '../../protocol/values.ts';
import type { FleetBox } from '../fleet/fleet.ts';
import { type AppOf, runsOn } from '../rollout/runsOn.ts';

/** What a command was told by where it was called: a node of a tree, or what another command hands over. */
export interface Given {
  of: AppOf | undefined;
  /** The boxes that may be chosen; all where nothing is said. */
  boxes: FleetBox[] | undefined;
}

/** Reads an app, a box, an environment and a cluster of what a command was called with, as far as they are there. */
export function givenBy(node: unknown, all: readonly FleetBox[]): Given {
  const said = isObject(node) ? node : {};
  const inside = [said, said.context, said.status].filter(isObject);
  const text = (name: string) => inside.map((one) => one[name]).find(isText);
  const [app, environment, cluster, root] = ['app', 'environment', 'cluster', 'root'].map(text);
  const box = isObject(said.box) ? said.box.name : said.box;
  const isMeant = (one: FleetBox) =>
    (!isText(box) || one.name === box) &&
    (root === undefined || one.workspace.root === root) &&
    (environment === undefined || one.environment === environment) &&
    (cluster === undefined || one.cluster === null || one.cluster === cluster);
  const isSaid = isText(box) || environment !== undefined || cluster !== undefined;
  const boxes = isSaid ? all.filter(isMeant) : [];
  // Two folders may have apps of one name.
  const inRoot = all.filter(({ workspace }) => root === undefined || workspace.root === root);
  const places = boxes.length > 0 ? boxes : inRoot;
  const home = places.find(
    ({ workspace }) => app !== undefined && workspace.apps.some(({ name }) => name === app),
  );
  const of = home === undefined || app === undefined ? undefined : { workspace: home.workspace, app };
  const isThere = of === undefined || all.some((one) => runsOn(of, one));
  return { of: isThere ? of : undefined, boxes: boxes.length > 0 ? boxes : undefined };
}

/** The environment of all boxes that may be chosen, where it is one. */
export function environmentOf({ boxes = [] }: Given): string | undefined {
  const names = new Set(boxes.map(({ environment }) => environment));
  return names.size === 1 ? [...names][0] : undefined;
}
