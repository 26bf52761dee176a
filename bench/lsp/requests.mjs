// Requests to a server that has read all layers: hovers anywhere, completion in a big file.
import { PlainError } from '../../scripts/lib/log.mjs';
import { READY, withServers } from './client.mjs';
import { places } from './corpus.mjs';
import { percentile, ratioFigure } from './figures.mjs';
import { strata } from './peers.mjs';
import { chance, keys, oneOf } from './places.mjs';
import { atRest } from './rest.mjs';
import { hoverText, useful } from './startup.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */
/** @typedef {import('./client.mjs').Server} Server */
/** @typedef {{ uri: string, positions: import('./places.mjs').Position[] }} Asked */

const WARM_UP = 60;
/** How many useful answers there have to be for every hundred hovers. */
const USEFUL = 95;

/** @param {Bench} bench */
export function hovers({ folder, floors, someLayers, runs, requests }) {
  return withServers([strata, floors.echo], folder, async (server, echo) => {
    await server.notified(READY);
    const figures = [];
    for (const [where, files] of /** @type {const} */ ([
      ['any layer', someLayers],
      ['common.yaml', [places.common]],
    ])) {
      const asked = openAll([server, echo], files);
      await atRest(server.pid);
      const random = chance(7);
      const ask = () => hoverBoth(server, echo, asked, random);
      const all = await timedRuns(runs, requests, ask);
      checkUseful(all.flat().map(({ text }) => text));
      figures.push(...halfAndWorst(`hover, ${where}`, 'echo server', all));
    }
    return figures;
  });
}

/** @param {readonly string[]} texts of hovers */
function checkUseful(texts) {
  const found = texts.filter((text) => useful.strata.test(text)).length;
  if (found * 100 < texts.length * USEFUL)
    throw new PlainError(`Of ${texts.length} hovers, only ${found} gave an effective value.`);
}

/** @param {Bench} bench */
export function completion({ folder, yaml, runs, requests }) {
  return withServers([strata, yaml], folder, async (server, peer) => {
    await server.notified(READY);
    const asked = openAll([server, peer], [places.big]);
    await atRest(server.pid);
    await atRest(peer.pid);
    const random = chance(11);
    const all = await timedRuns(runs, Math.ceil(requests / 5), async () => {
      const { uri, positions } = oneOf(asked, random);
      const params = { textDocument: { uri }, position: oneOf(positions, random) };
      return {
        strata: (await timed(server, 'textDocument/completion', params)).took,
        other: (await timed(peer, 'textDocument/completion', params)).took,
      };
    });
    const row = { what: 'completion in 2,000 lines, p50', peer: 'yaml-language-server', target: 1 / 20 };
    return [ratioFigure(row, percentiles(all, 0.5))];
  });
}

/**
 * Opens the same files in all servers.
 * @param {Server[]} servers
 * @param {readonly string[]} files
 * @returns {Asked[]}
 */
function openAll(servers, files) {
  return files.flatMap((file) => {
    const [first] = servers.map((server) => server.open(file));
    return first === undefined ? [] : [{ uri: first.uri, positions: keys(first.lines) }];
  });
}

/**
 * @param {Server} server
 * @param {Server} echo
 * @param {readonly Asked[]} asked
 * @param {import('./places.mjs').Chance} random
 */
async function hoverBoth(server, echo, asked, random) {
  const { uri, positions } = oneOf(asked, random);
  const params = { textDocument: { uri }, position: oneOf(positions, random) };
  const { took, answer } = await timed(server, 'textDocument/hover', params);
  const other = await timed(echo, 'textDocument/hover', params);
  return { strata: took, other: other.took, text: hoverText(answer) };
}

/**
 * @template T
 * @param {number} runs
 * @param {number} requests of each run
 * @param {() => Promise<T>} ask
 */
async function timedRuns(runs, requests, ask) {
  for (let index = 0; index < WARM_UP; index++) await ask();
  const all = [];
  for (let run = 0; run < runs; run++) {
    const one = [];
    for (let index = 0; index < requests; index++) one.push(await ask());
    all.push(one);
  }
  return all;
}

/**
 * The row of the median and that of the slowest of a hundred.
 * @param {string} what
 * @param {string} peer
 * @param {readonly { strata: number, other: number }[][]} all
 */
function halfAndWorst(what, peer, all) {
  return [
    ratioFigure({ what: `${what}, p50`, peer, target: 3 }, percentiles(all, 0.5)),
    ratioFigure({ what: `${what}, p99`, peer, target: 2 }, percentiles(all, 0.99)),
  ];
}

/**
 * Each run's percentile.
 * @param {readonly { strata: number, other: number }[][]} all
 * @param {number} part
 */
export function percentiles(all, part) {
  return all.map((run) => ({
    strata: percentile(
      run.map(({ strata }) => strata),
      part,
    ),
    other: percentile(
      run.map(({ other }) => other),
      part,
    ),
  }));
}

/**
 * @param {Server} server
 * @param {string} method
 * @param {object} params
 */
async function timed(server, method, params) {
  const asked = performance.now();
  const answer = await server.request(method, params);
  return { took: performance.now() - asked, answer };
}
