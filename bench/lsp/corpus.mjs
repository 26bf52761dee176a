// The workspace that the language server is measured on: 17 layers and seven contexts an app, about 45 MB with
// 1,000 apps. The same number of apps always gives the same bytes.
import { join } from 'node:path';
import { appName, layerText, sectionNames, writeLayer } from '../corpus.mjs';

const MANIFEST = `configs: [configs]
apps: [apps/*]
environments:
  local: {}
  integration: {}
  qa: {}
  staging: {}
  production:
    clusters: [us, eu, ap]
`;

const ENVIRONMENTS = ['local', 'integration', 'qa', 'staging', 'production'];
const CLUSTERS = ['production-us', 'production-eu', 'production-ap'];
// As a rule, a layer does not repeat what lies below it; and what has two values only is mostly that.
const FEW_SHARE = 0.04;
const BIG_APP = 'bigapp';
const BIG_PARTS = 13;

/** Files of a corpus, as paths below its folder. */
export const places = {
  common: 'configs/common.yaml',
  big: ownLayer(BIG_APP, 'default'),
};

/** The default layer of each app, from 0 up: the one that sets `common.fleet.replicas`, too. */
export function defaultLayer(/** @type {number} */ index) {
  return ownLayer(appName(index), 'default');
}

/**
 * Writes a workspace of so many apps and one big one, of two layers, the first of about 2,000 lines.
 * @param {string} folder
 * @param {number} apps
 */
export function writeCorpus(folder, apps) {
  writeLayer(join(folder, 'strata.yaml'), MANIFEST);
  writeShared(join(folder, 'configs'));
  for (let index = 0; index < apps; index++) writeApp(folder, appName(index));
  writeLayer(join(folder, places.big), bigText());
  const production = overrides(`${BIG_APP}-production`, `${BIG_APP}_0`, sectionNames, 0.3);
  writeLayer(join(folder, ownLayer(BIG_APP, 'production')), production);
}

/**
 * Writes the workspace of one app alone, with the shared layers that it needs: 20 layers.
 * @param {string} folder
 */
export function writeOwnWorkspace(folder) {
  writeLayer(join(folder, 'strata.yaml'), MANIFEST);
  writeCommon(join(folder, 'configs'));
  for (const place of ['qa', 'production']) writeShare(join(folder, 'configs'), `common-${place}`, 0.7);
  writeApp(folder, appName(0));
}

/**
 * @param {string} app
 * @param {string} place
 */
function ownLayer(app, place) {
  return `apps/${app}/deploy/configuration/${app}-${place}.yaml`;
}

/** @param {string} configs */
function writeShared(configs) {
  writeCommon(configs);
  writeShare(configs, 'hostname', 0.1);
  for (const place of [...ENVIRONMENTS, ...CLUSTERS]) writeShare(configs, `common-${place}`, 0.7);
  writeShare(configs, 'common-overrides', 0.1);
}

/** @param {string} configs */
function writeCommon(configs) {
  writeLayer(join(configs, 'common.yaml'), layerText('common', 'common', sectionNames, 1) + fleet(3));
}

/**
 * @param {string} configs
 * @param {string} name
 * @param {number} share
 */
function writeShare(configs, name, share) {
  writeLayer(join(configs, `${name}.yaml`), overrides(name, 'common', sectionNames, share));
}

/**
 * @param {string} folder
 * @param {string} app
 */
function writeApp(folder, app) {
  const used = sectionNames.filter((_, index) => index % 4 !== app.length % 4);
  const text = (/** @type {string} */ name, /** @type {number} */ share) =>
    `${overrides(name, app, used, share)}\n${overrides(`shared ${name}`, 'common', used, 0.3)}`;
  const own = (/** @type {string} */ place, /** @type {string} */ content) =>
    writeLayer(join(folder, ownLayer(app, place)), content);
  const central = (/** @type {string} */ name, /** @type {number} */ share) =>
    writeLayer(join(folder, 'configs', `${name}.yaml`), text(`central ${name}`, share));
  const settings = layerText(`${app}-default`, app, used, 1);
  own(
    'default',
    `${team(app)}${settings}${owner(app)}\n${overrides(`shared ${app}`, 'common', ['mail'], 0.3)}${fleet(5)}`,
  );
  for (const place of [...ENVIRONMENTS, ...CLUSTERS]) own(place, text(`${app}-${place}`, 0.7));
  central(app, 0.7);
  for (const place of ENVIRONMENTS.slice(1)) central(`${app}-${place}`, 0.7);
  for (const place of CLUSTERS.slice(1)) central(`${app}-${place}`, 0.7);
  central(`${app}-overrides`, 0.2);
}

/**
 * @param {string} name
 * @param {string} top
 * @param {readonly string[]} used
 * @param {number} share
 */
function overrides(name, top, used, share) {
  return layerText(name, top, used, share, share * FEW_SHARE);
}

function bigText() {
  const parts = Array.from({ length: BIG_PARTS }, (_, part) =>
    layerText(`${BIG_APP}-${part}`, `${BIG_APP}_${part}`, sectionNames, 0.9),
  );
  return parts.join('\n');
}

/** The setting that one edit of common.yaml gives another type, under every app's nose. */
function fleet(/** @type {number} */ replicas) {
  return `  fleet:\n    replicas: ${replicas}\n`;
}

// Settings one deep, and five deep.

function team(/** @type {string} */ app) {
  return `${app}-team: "those of ${app}"\n`;
}

function owner(/** @type {string} */ app) {
  return `  contacts:\n    owner:\n      rota:\n        primary: ${app}@example.com\n`;
}
