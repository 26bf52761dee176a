// Typing: how long until a hover, until what is wrong is told, and until all files that an edit touches are told.
import { READY, uriOf, withServers } from './client.mjs';
import { defaultLayer, places } from './corpus.mjs';
import { plainFigure, ratioFigure } from './figures.mjs';
import { strata } from './peers.mjs';
import { chance, oneOf, values } from './places.mjs';
import { percentiles } from './requests.mjs';
import { atRest } from './rest.mjs';

/** @typedef {import('./run.mjs').Bench} Bench */
/** @typedef {import('./client.mjs').Server} Server */
/** @typedef {import('./client.mjs').Diagnostic} Diagnostic */
/** @typedef {import('./places.mjs').Position} Position */
/** @typedef {{ uri: string, lines: string[] }} Opened */

/** @param {Bench} bench */
export async function hoverAfterKeystroke(bench) {
  const ask = async (/** @type {Server} */ server, /** @type {string} */ uri, /** @type {Position} */ at) => {
    const typed = server.change(uri, { ...at, removed: 0, inserted: 'x' });
    await hoverKey(server, uri, at);
    const took = performance.now() - typed.at;
    server.change(uri, { ...at, removed: 1, inserted: '' });
    await hoverKey(server, uri, at);
    return took;
  };
  const all = await typeInBoth(bench, places.big, bench.keystrokes, ask);
  const row = {
    what: 'hover after a keystroke in 2,000 lines, p50',
    peer: 'yaml-language-server',
    target: 0.1,
  };
  return [ratioFigure(row, percentiles(all, 0.5))];
}

/** @param {Bench} bench */
export async function ownDiagnostics(bench) {
  const ask = async (/** @type {Server} */ server, /** @type {string} */ uri, /** @type {Position} */ at) => {
    const before = errors(server.diagnostics(uri));
    const broken = { ...at, removed: 0, inserted: '[' };
    const took = await typeAndWait(server, uri, broken, (now) => errors(now) > before);
    const mended = { ...at, removed: 1, inserted: '' };
    await typeAndWait(server, uri, mended, (now) => errors(now) === before);
    return took;
  };
  const all = await typeInBoth(bench, places.common, bench.keystrokes, ask);
  const what = 'keystroke in common.yaml to its own diagnostics';
  const peer = 'yaml-language-server';
  return [
    plainFigure({ what: `${what}, p50`, peer, target: 10 }, 'ms', percentiles(all, 0.5)),
    plainFigure({ what: `${what}, p95`, peer, target: 25 }, 'ms', percentiles(all, 0.95)),
  ];
}

/** @param {Bench} bench */
export function allDiagnostics({ folder, apps, floors, slowRuns }) {
  const uris = Array.from({ length: apps }, (_, index) => uriOf(folder, defaultLayer(index)));
  return withServers([strata, floors.publish(uris)], folder, async (server, floor) => {
    await server.notified(READY);
    const { uri } = opened([server, floor], places.common);
    // What a server still has to do after an answer shall not fall into the next measurement.
    await atRest(server.pid);
    const all = [];
    for (let run = 0; run < slowRuns * 2; run++)
      all.push({ strata: await spreadEdit(server, uri, uris), other: await spreadEdit(floor, uri, uris) });
    const what = `keystroke in common.yaml until all ${apps.toLocaleString('en')} files are told`;
    return [ratioFigure({ what, peer: 'one parse, prepared diagnostics', target: 4 }, all)];
  });
}

/**
 * Types in the same places of the same file in Strata's server and in its peer.
 * @param {Bench} bench
 * @param {string} file
 * @param {number} keystrokes of each run
 * @param {(server: Server, uri: string, at: Position) => Promise<number>} ask
 */
function typeInBoth({ folder, yaml, runs }, file, keystrokes, ask) {
  return withServers([strata, yaml], folder, async (server, peer) => {
    await server.notified(READY);
    const { uri, lines } = opened([server, peer], file);
    const positions = values(lines);
    await atRest(server.pid);
    await atRest(peer.pid);
    const random = chance(13);
    const all = [];
    for (let run = 0; run < runs; run++) {
      const one = [];
      for (let index = 0; index < keystrokes; index++) {
        const at = oneOf(positions, random);
        one.push({ strata: await ask(server, uri, at), other: await ask(peer, uri, at) });
      }
      all.push(one);
    }
    return all;
  });
}

/**
 * @param {Server[]} servers
 * @param {string} file
 * @returns {Opened}
 */
function opened(servers, file) {
  const [first] = servers.map((server) => server.open(file));
  if (first === undefined) throw new Error('no server');
  return first;
}

/**
 * Hovers the key of a value: three characters before it.
 * @param {Server} server
 * @param {string} uri
 * @param {Position} value
 */
function hoverKey(server, uri, { line, character }) {
  const position = { line, character: character - 3 };
  return server.request('textDocument/hover', { textDocument: { uri }, position });
}

/**
 * How long an edit takes until diagnostics of this version of the file are there that fit.
 * @param {Server} server
 * @param {string} uri
 * @param {import('./documents.mjs').Edit} edit
 * @param {(diagnostics: readonly Diagnostic[]) => boolean} fits
 */
async function typeAndWait(server, uri, edit, fits) {
  const answer = server.published(
    (one) => one.uri === uri && fits(one.diagnostics),
    `diagnostics of ${uri} after a keystroke`,
  );
  const { at } = server.change(uri, edit);
  const { at: told } = await answer;
  return told - at;
}

/**
 * Makes common.yaml's `replicas` a string, so that every app's own layer mismatches, and takes it back. Gives how
 * long the first took until the last of the files was told.
 * @param {Server} server
 * @param {string} uri
 * @param {readonly string[]} uris
 */
async function spreadEdit(server, uri, uris) {
  const at = { line: server.lineOf(uri, 'replicas: '), character: '    replicas: '.length };
  const isTold = (/** @type {boolean} */ wrong) => {
    const missing = new Set(uris);
    return server.published((one) => {
      if (hasMismatch(one.diagnostics) === wrong) missing.delete(one.uri);
      return missing.size === 0;
    }, `the diagnostics of all ${uris.length} files`);
  };
  const wrong = isTold(true);
  const typed = server.change(uri, { ...at, removed: 0, inserted: 'x' });
  const { at: told } = await wrong;
  await atRest(server.pid);
  const right = isTold(false);
  server.change(uri, { ...at, removed: 1, inserted: '' });
  await right;
  await atRest(server.pid);
  return told - typed.at;
}

/** How many there are that say that something is wrong: warnings may come and go at any time. */
function errors(/** @type {readonly Diagnostic[]} */ diagnostics) {
  return diagnostics.filter(({ severity }) => severity === 1).length;
}

/** @param {readonly Diagnostic[]} diagnostics */
function hasMismatch(diagnostics) {
  return diagnostics.some(({ code }) => code === 'type-mismatch');
}
