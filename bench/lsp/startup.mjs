// From the start of a server: until a hover says something, and until all layers have been read and checked.
import { PlainError } from '../../scripts/lib/log.mjs';
import { duration } from '../processes.mjs';
import { READY, withServers } from './client.mjs';
import { plainFigure, ratioFigure } from './figures.mjs';
import { strata } from './peers.mjs';
import { keys } from './places.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */

/** What makes a hover useful: Strata gives effective values, the peer what the schema says. */
export const useful = { strata: /effective value[\s\S]*\]\(/, yaml: /The setting/ };

const ASK_AGAIN_MS = 5;
const LIMIT_MS = 60_000;

/** @param {Bench} bench */
export async function firstHover({ folder, firstLayer, yaml, runs }) {
  const once = async () => ({
    strata: await startToHover(strata, folder, firstLayer, useful.strata),
    other: await startToHover(yaml, folder, firstLayer, useful.yaml),
  });
  const what = 'start to the first useful hover';
  return [
    ratioFigure({ what, peer: 'yaml-language-server, one file', target: 1.2 }, await repeat(runs, once)),
  ];
}

/** @param {Bench} bench */
export async function ownWorkspace({ ownFolder, firstLayer, floors, runs }) {
  const once = async () => ({
    strata: await startToHover(strata, ownFolder, firstLayer, useful.strata),
    other: await startToHover(floors.echo, ownFolder, firstLayer, /value/),
  });
  const what = "an app's own workspace, 20 files: start to the first hover";
  return [plainFigure({ what, peer: 'echo server', target: 150 }, 'ms', await repeat(runs, once))];
}

/** @param {Bench} bench */
export async function wholeIndex({ folder, floors, layerList, slowRuns }) {
  const once = async () => ({
    strata: await startToReady(folder),
    other: await duration([floors.parseAll, layerList]),
  });
  const what = 'start to the whole index';
  return [
    ratioFigure(
      { what, peer: 'read + parse of all files in one process', target: 1.6 },
      await repeat(slowRuns, once),
    ),
  ];
}

/** How long a server takes from its start until it says that all layers are read and checked. */
export function startToReady(/** @type {string} */ folder) {
  return withServers([strata], folder, async (server) => (await server.notified(READY)) - server.started);
}

/**
 * Does the same so many times, one after the other, after once that does not count.
 * @template T
 * @param {number} runs
 * @param {() => Promise<T>} once
 */
export async function repeat(runs, once) {
  if (runs > 1) await once();
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await once());
  return all;
}

/**
 * @param {import('./client.mjs').Program} program
 * @param {string} folder
 * @param {string} file
 * @param {RegExp} says
 */
function startToHover(program, folder, file, says) {
  return withServers([program], folder, async (server) => {
    const { uri, lines } = server.open(file);
    const position = keys(lines).at(-1);
    for (;;) {
      const answer = await server.request('textDocument/hover', { textDocument: { uri }, position });
      const took = performance.now() - server.started;
      const text = hoverText(answer);
      if (says.test(text)) return took;
      if (took > LIMIT_MS) throw new PlainError(`${program.name} gives no useful hover: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  });
}

/** The text of an answer to a hover; empty where there was none. */
export function hoverText(/** @type {any} */ answer) {
  const contents = answer?.contents ?? '';
  return typeof contents === 'string' ? contents : String(contents.value ?? JSON.stringify(contents));
}
