import path from 'node:path';

/** Where the agent finds its files: those of the system, or all in one folder of any user (`--root DIR`). */
export interface Places {
  config: string;
  root: string;
  state: string;
  socket: string;
}

/** @param given what the command line says: a folder for all, a config file. */
export function placesOf(given: { root?: string | undefined; config?: string | undefined } = {}): Places {
  const places = given.root === undefined ? systemPlaces : placesIn(path.resolve(given.root));
  return given.config === undefined ? places : { ...places, config: path.resolve(given.config) };
}

const systemPlaces: Places = {
  config: '/etc/strata/agent.yaml',
  root: '/srv',
  state: '/var/lib/strata',
  socket: '/run/strata/agent.sock',
};

// No app's name begins with a dot.
function placesIn(root: string): Places {
  const state = path.join(root, '.strata');
  return { config: path.join(state, 'agent.yaml'), root, state, socket: path.join(state, 'agent.sock') };
}
