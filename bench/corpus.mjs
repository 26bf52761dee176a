// A workspace of layers such as companies have: many apps over shared layers. The same number of apps always
// gives the same bytes, and an app's layers are the same in every size of workspace.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MANIFEST = `configs: [configs]
apps: [apps/*]
environments:
  local: {}
  qa: {}
  staging: {}
  production:
    clusters: [us, eu]
`;

const SUBJECTS =
  'account address basket billing booking campaign catalog checkout content coupon courier customer delivery ' +
  'discount export fraud gift import inventory invoice ledger loyalty mail media order partner payment picture ' +
  'price product profile refund report review search shipping stock subscription supplier warehouse';
const ROLES =
  'api web worker admin sync feed gateway events scheduler mailer indexer archive proxy hooks metrics audit stream ' +
  'bridge jobs cache pages tools rules batch status';
const WORDS =
  'the old value was too low for nightly imports see runbook before changing this also used by support ' +
  'raise together with pool size until migration is done measured in march agreed with operations';

const subjects = SUBJECTS.split(' ');
const roles = ROLES.split(' ');
const words = WORDS.split(' ');

/** The app of each number, from 0 up. */
export function appName(/** @type {number} */ index) {
  const subject = subjects[index % subjects.length];
  const round = Math.floor(index / subjects.length);
  const again = Math.floor(round / roles.length);
  return `${subject}-${roles[round % roles.length]}${again === 0 ? '' : again + 1}`;
}

/**
 * Writes a workspace of so many apps.
 * @param {string} folder
 * @param {number} apps
 */
export function writeCorpus(folder, apps) {
  writeLayer(join(folder, 'strata.yaml'), MANIFEST);
  writeShared(join(folder, 'configs'));
  for (let index = 0; index < apps; index++) writeApp(folder, appName(index));
}

/** @param {string} configs */
function writeShared(configs) {
  const layer = (/** @type {string} */ name, /** @type {number} */ share) =>
    writeLayer(join(configs, `${name}.yaml`), layerText(name, 'common', sectionNames, share));
  layer('common', 1);
  for (const place of ['local', 'qa', 'staging', 'production']) layer(`common-${place}`, 0.4);
  for (const cluster of ['us', 'eu']) layer(`common-production-${cluster}`, 0.2);
  layer('common-overrides', 0.05);
}

/**
 * @param {string} folder
 * @param {string} app
 */
function writeApp(folder, app) {
  const dice = diceOf(app);
  const used = sectionNames.filter(() => dice.chance(0.7));
  const own = join(folder, 'apps', app, 'deploy', 'configuration');
  const layer = (/** @type {string} */ directory, /** @type {string} */ name, /** @type {number} */ share) =>
    writeLayer(join(directory, `${name}.yaml`), layerText(name, app, used, share));
  layer(own, `${app}-default`, 1);
  for (const place of ['local', 'qa', 'staging', 'production']) layer(own, `${app}-${place}`, 0.35);
  for (const cluster of ['us', 'eu']) layer(own, `${app}-production-${cluster}`, 0.15);
  const central = join(folder, 'configs');
  layer(central, app, 0.2);
  layer(central, `${app}-production`, 0.2);
  if (dice.chance(0.5)) layer(central, `${app}-qa`, 0.15);
  if (dice.chance(0.25)) layer(central, `${app}-overrides`, 0.1);
}

/**
 * Writes a file and the folders that it needs.
 * @param {string} file
 * @param {string} text
 */
export function writeLayer(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

// Chance, the same in every run: the bytes of hashes, a stream of its own for every name.

/** @typedef {ReturnType<typeof diceOf>} Dice */

/** @param {string} name */
function diceOf(name) {
  let block = 0;
  let bytes = Buffer.alloc(0);
  const roll = () => {
    if (bytes.length === 0) bytes = createHash('sha256').update(`${name} ${block++}`).digest();
    const number = bytes.readUInt32BE();
    bytes = bytes.subarray(4);
    return number / 2 ** 32;
  };
  const below = (/** @type {number} */ limit) => Math.floor(roll() * limit);
  return {
    chance: (/** @type {number} */ likely) => roll() < likely,
    between: (/** @type {number} */ low, /** @type {number} */ high) => low + below(high - low + 1),
    pick: (/** @type {readonly string[]} */ all) => String(all[below(all.length)]),
  };
}

// What can be set. A key has one type in all layers, so the layers agree under strict types.

/**
 * How a value is written in YAML; `choices` says how many there are, where these are few.
 * @typedef {((dice: Dice) => string) & { choices?: number }} Scalar
 */
/** @typedef {{ list: Scalar }} List */
/** @typedef {{ secret: Scalar }} Secret given by every environment, and by no layer below */
/** @typedef {{ [key: string]: Scalar | List | Secret | Section }} Section */

/** @type {(low: number, high: number) => Scalar} */
const integer = (low, high) => (dice) => String(dice.between(low, high));
/** @type {(low: number, high: number) => Scalar} */
const float = (low, high) => (dice) => (dice.between(low * 4, high * 4) / 4).toFixed(2);
/** @type {(...all: string[]) => Scalar} */
const one = (...all) => Object.assign((/** @type {Dice} */ dice) => dice.pick(all), { choices: all.length });
const flag = one('true', 'false');
/** @type {Scalar} */
const host = (dice) => `${dice.pick(subjects)}-${dice.between(1, 40)}.${dice.pick(roles)}.example.com`;
/** @type {Scalar} */
const url = (dice) => `https://${host(dice)}/${dice.pick(roles)}/v${dice.between(1, 3)}`;
/** @type {Scalar} */
const path = (dice) => `/srv/${dice.pick(subjects)}/${dice.pick(roles)}.${dice.pick(['sock', 'pem', 'log'])}`;
const comment = (/** @type {Dice} */ dice) =>
  `${Array.from({ length: dice.between(3, 8) }, () => dice.pick(words)).join(' ')}: ${dice.pick(subjects)}`;
/** @type {Scalar} */
const sentence = (dice) => `"${comment(dice)}"`;
/** @type {Scalar} */
const token = (dice) => `'${dice.pick(subjects)}-${dice.between(100_000, 999_999)}'`;
const retry = { attempts: integer(1, 9), backoff: float(0, 5), jitter: flag };

/** @type {Record<string, Section>} */
const SECTIONS = {
  db: {
    host,
    port: one('5432', '5433', '6432'),
    name: one(...subjects),
    user: one(...roles),
    password: { secret: token },
    timeout: float(1, 30),
    pool: { size: integer(2, 50), overflow: integer(0, 10), recycle_after: integer(60, 3600) },
    replicas: { list: host },
    ssl: { mode: one('require', 'verify-full', 'prefer'), ca_file: path },
  },
  cache: { hosts: { list: host }, ttl: integer(10, 86_400), prefix: one(...subjects), compress: flag, retry },
  queue: {
    url,
    exchange: one(...subjects),
    prefetch: integer(1, 200),
    durable: flag,
    consumers: { orders: integer(0, 8), mails: integer(0, 8), reports: integer(0, 4) },
    dead_letter: { enabled: flag, after: integer(1, 20), exchange: one(...roles) },
    retry,
  },
  http: {
    bind: one('0.0.0.0', '127.0.0.1', '"::"'),
    port: integer(8000, 8999),
    keep_alive: float(1, 90),
    max_body: one('1MB', '8MB', '64MB'),
    trusted_proxies: { list: (dice) => `10.${dice.between(0, 255)}.${dice.between(0, 255)}.0/24` },
    cors: { origins: { list: url }, credentials: flag, max_age: integer(0, 7200) },
    headers: { hsts: flag, frame: one('DENY', 'SAMEORIGIN'), policy: sentence },
  },
  mail: {
    sender: (dice) => `"${dice.pick(subjects)} <${dice.pick(roles)}@example.com>"`,
    smtp: { host, port: one('25', '465', '587'), tls: flag, password: { secret: token } },
    bounce: one('~', 'null'),
    per_hour: integer(10, 5000),
  },
  log: {
    level: one('debug', 'info', 'warning'),
    format: one('text', 'json'),
    file: path,
    loggers: { sql: one('info', 'warning'), http: one('info', 'warning'), jobs: one('debug', 'info') },
    sample: float(0, 1),
    redact: { list: one('password', 'token', 'card', 'email', 'session') },
  },
  storage: {
    bucket: one(...subjects),
    region: one('us-east-1', 'eu-central-1', 'eu-west-1'),
    access_key: { secret: token },
    lifecycle: { expire_days: integer(1, 400), archive: flag, classes: { list: one('hot', 'warm', 'cold') } },
  },
  search: {
    nodes: { list: host },
    index: one(...subjects),
    shards: integer(1, 12),
    boost: float(0, 8),
    retry,
  },
  limits: {
    per_minute: integer(10, 10_000),
    burst: integer(1, 500),
    uploads: {
      size: one('1MB', '20MB', '200MB'),
      types: { list: one('image/png', 'text/csv', 'application/pdf') },
    },
    partners: { gold: integer(100, 999), silver: integer(10, 99), trial: integer(1, 9) },
  },
  features: {
    new_checkout: flag,
    dark_mode: flag,
    price_alerts: flag,
    recommendations: {
      enabled: flag,
      model: one('v1', 'v2', 'next'),
      weight: float(0, 1),
      cohorts: { list: one(...roles) },
    },
    rollout: { percent: integer(0, 100), sticky: flag, note: sentence },
  },
  payments: {
    provider: one('adyen', 'stripe', 'mollie'),
    endpoint: url,
    api_key: { secret: token },
    currencies: { list: one('EUR', 'USD', 'GBP', 'CHF') },
    capture: { automatic: flag, after_hours: integer(1, 72) },
    fees: { card: float(0, 4), transfer: float(0, 1) },
  },
  tracing: {
    enabled: flag,
    endpoint: url,
    ratio: float(0, 1),
    tags: { team: one(...roles), tier: one('one', 'two') },
  },
  jobs: {
    cleanup: { schedule: one("'0 3 * * *'", "'*/15 * * * *'"), enabled: flag, keep_days: integer(1, 90) },
    digest: {
      schedule: one("'0 7 * * 1'", "'0 6 * * *'"),
      enabled: flag,
      recipients: { list: (dice) => `${dice.pick(roles)}@example.com` },
    },
    reindex: { schedule: one("'30 2 * * 0'"), enabled: flag, batch: integer(50, 5000), why: sentence },
  },
  session: {
    cookie: one(...roles),
    lifetime: integer(300, 604_800),
    secure: flag,
    same_site: one('lax', 'strict'),
    key: { secret: token },
  },
};
export const sectionNames = Object.keys(SECTIONS);

// How it is written.

const FEW = 8;

/**
 * @typedef {object} Writing one layer on its way
 * @property {Dice} dice
 * @property {number} share how much of what can be set this layer sets, from 0 to 1
 * @property {number} fewShare the same of that which has a few values only, so that most would say what lies below
 * @property {boolean} asks whether it leaves the secrets to the environments
 * @property {boolean} answers whether it is the layer that gives them
 * @property {boolean} anchored whether the file has a mapping already that the likes of it may repeat
 * @property {string[]} lines
 */

/**
 * The text of a layer, the same for the same arguments: one key, and below it some of what can be set.
 * @param {string} name the layer's
 * @param {string} top the key that all its settings stand below
 * @param {readonly string[]} used the sections that may be there
 * @param {number} share
 * @param {number} [fewShare]
 */
export function layerText(name, top, used, share, fewShare = share) {
  const dice = diceOf(`layer ${name}`);
  const asks = share === 1;
  const answers = /-(local|integration|qa|staging|production)$/.test(name);
  /** @type {Writing} */
  const work = {
    dice,
    share,
    fewShare,
    asks,
    answers,
    anchored: false,
    lines: [`# ${comment(dice)}.`, `${top}:`],
  };
  const before = work.lines.length;
  for (const section of used) {
    writeSection(work, section, SECTIONS[section] ?? {}, 1);
    if (dice.chance(0.5)) work.lines.push('');
  }
  // A mapping without keys would be null, which is another type.
  if (work.lines.slice(before).every((line) => line === '')) work.lines.push('  touched: true');
  return `${work.lines.join('\n').trimEnd()}\n`;
}

/**
 * @param {Writing} work
 * @param {string} key
 * @param {Section} section
 * @param {number} depth
 */
function writeSection(work, key, section, depth) {
  const { lines } = work;
  const start = `${'  '.repeat(depth)}${key}:`;
  if (section === retry && work.anchored && work.dice.chance(0.5)) {
    lines.push(`${start} *retry`);
    return;
  }
  const head = lines.length;
  lines.push(start);
  for (const [name, field] of Object.entries(section)) writeField(work, name, field, depth + 1);
  if (lines.length === head + 1) {
    lines.pop();
  } else if (section === retry && !work.anchored) {
    lines[head] = `${start} &retry`;
    work.anchored = true;
  }
}

/**
 * @param {Writing} work
 * @param {string} key
 * @param {Section[string]} field
 * @param {number} depth
 */
function writeField(work, key, field, depth) {
  const { dice } = work;
  const indent = '  '.repeat(depth);
  if (typeof field === 'function') {
    const share = (field.choices ?? FEW) < FEW ? work.fewShare : work.share;
    if (dice.chance(share)) scalarLines(work, `${indent}${key}:`, field);
  } else if (isSecret(field)) {
    if (work.asks) work.lines.push(`${indent}${key}: !missing "each environment has its own"`);
    if (work.answers) work.lines.push(`${indent}${key}: ${field.secret(dice)}`);
  } else if (isList(field)) {
    if (dice.chance(work.share)) listLines(work, `${indent}${key}:`, field.list, indent);
  } else {
    writeSection(work, key, field, depth);
  }
}

/**
 * @param {object} field
 * @returns {field is List}
 */
function isList(field) {
  return 'list' in field;
}

/**
 * @param {object} field
 * @returns {field is Secret}
 */
function isSecret(field) {
  return 'secret' in field;
}

/**
 * @param {Writing} work
 * @param {string} start
 * @param {Scalar} scalar
 */
function scalarLines({ dice, lines }, start, scalar) {
  if (dice.chance(0.07)) lines.push(`${/^ */.exec(start)?.[0]}# ${comment(dice)}`);
  const note = dice.chance(0.05) ? `  # ${dice.pick(words)} ${dice.pick(words)}` : '';
  lines.push(`${start} ${scalar(dice)}${note}`);
}

/**
 * @param {Writing} work
 * @param {string} start
 * @param {Scalar} scalar
 * @param {string} indent
 */
function listLines({ dice, lines, asks }, start, scalar, indent) {
  const items = Array.from({ length: dice.between(1, 4) }, () => scalar(dice));
  const tag = !asks && dice.chance(0.3) ? ' !replace' : '';
  if (dice.chance(0.4)) lines.push(`${start}${tag} [${items.join(', ')}]`);
  else lines.push(`${start}${tag}`, ...items.map((item) => `${indent}  - ${item}`));
}
