import type { Random } from './random.ts';
import { jsonText, layerText } from './texts.ts';

/** Where the files of a walk lie that are not on a disk. */
export const inMemory = '/torture';

/** The folders that an editor can have open: apps with a central directory, and a second one. */
export function rootsIn(base: string): [string, string] {
  return [`${base}/main`, `${base}/central`];
}

export function isManifest(file: string): boolean {
  return file.endsWith('/main/strata.yaml');
}

const apps = ['shop', 'site', 'api'] as const;
const central = ['main/configs', 'central'] as const;
const places = ['', '-qa', '-production', '-production-us', '-local', '-build', '-overrides'] as const;
const endings = ['.yaml', '.yaml', '.yaml', '.yaml', '.yml', '.json'] as const;
/** Names that no context loads, and words that begin others. */
const strange = [
  'common-prodution',
  'shop-',
  'README',
  'shop-qa-us',
  'common-None',
  'api-production-None',
] as const;

/** A file of the workspace by chance: most are layers. */
export function somePlace(random: Random, base: string): string {
  const kind = random.below(20);
  const app = random.pick(apps);
  if (kind < 8) return `${base}/${centralPlace(random)}`;
  if (kind < 16) return `${base}/${ownFolder(app)}/${app}${random.pick(ownPlaces)}${random.pick(endings)}`;
  return `${base}/main/${app}/deploy/${random.pick(beside)}`;
}

const ownPlaces = ['-default', '-default', ...places.slice(1)] as unknown as readonly [string, ...string[]];
const beside = [
  'configuration/public-data.yaml',
  'configuration/schema.json',
  'templates/nginx.conf',
  'templates/hosts',
  'configuration/local/common.yaml',
  'configuration/local/hostname.yaml',
] as const;

function centralPlace(random: Random): string {
  const stem = random.chance(0.1)
    ? random.pick(strange)
    : random.pick(['common', 'common', 'hostname', ...apps]) + random.pick(places);
  return `${random.pick(central)}/${stem}${random.pick(endings)}`;
}

function ownFolder(app: string): string {
  return `main/${app}/deploy/configuration`;
}

/** A text for a new file, as its name wants it. */
export function newText(random: Random, file: string): string {
  if (isManifest(file)) return random.pick(manifests);
  if (file.includes('/templates/')) return random.pick(templates);
  if (file.endsWith('public-data.yaml')) return random.pick(publicData);
  if (file.endsWith('schema.json')) return random.pick(schemas);
  return file.endsWith('.json') ? jsonText(random) : layerText(random);
}

const environments = 'environments: {local: , qa: , production: {clusters: [us, eu]}}\n';
/** The manifest of a walk's beginning. */
export const firstManifest: string = `configs: [configs, ../central]\napps: [shop, site, api]\n${environments}`;

const manifests = [
  firstManifest,
  firstManifest,
  `configs: [../central, configs]\napps: {shop: shop, site: site}\n${environments}`,
  `configs: [configs]\napps: ['*']\nenvironments: [qa, production]\nmerge: {lists: replace}\n`,
  `configs: [configs]\napps: ['./*']\nenvironments: [qa]\nmerge: {types: lenient}\n`,
  `configs: [configs, ../central]\napps: {api: api, shop: site}\n${environments}yaml: '1.1'\n`,
  `configs: [configs]\n`,
  'apps: [shop]\n',
  '',
  'apps: {shop: [\n',
] as const;

const templates = [
  'server {{ aconf.db.host }}:{{ aconf.db.port }};\n',
  '{% if aconf.cache %}{{ aconf.cache.host }}{% endif %}{{ cconf.log.level }}\n',
  '{% for one in conf.shop.urls %}{{ one }}{{ conf.db.prot }}\n',
  '{{ conf["db"].host | default("x") }} {# note #}\n',
] as const;
const publicData = ['- db.host\n- log.level\n', '- db\n- shop.name\n', 'db: 1\n', '- name\n- [\n'] as const;
const schemas = [
  '{"type": "object", "properties": {"db": {"type": "object", "properties": {"port": {"type": "integer"}}}}}\n',
  '{"type": "object", "required": ["name"], "properties": {"name": {"enum": ["one"]}}}\n',
  '{"properties": {"cache": {"type": "string", "description": "where"}}}\n',
  '{"type":\n',
] as const;
