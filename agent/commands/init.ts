import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { selfSigned } from '../certificate/selfSigned.ts';
import { faultText } from '../config/fault.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { Places } from '../config/places.ts';
import { readConfig } from '../config/readConfig.ts';
import { AgentError } from '../failure.ts';
import { readCertificate } from '../http/tls.ts';
import { readDays, several } from './options.ts';
import { type PlaceOptions, placesFrom, withPlaces } from './places.ts';

interface InitOptions extends PlaceOptions {
  name?: string[];
  days: number;
  force?: true;
  environment?: string;
  cluster?: string;
  store?: string;
  address?: string;
}

/** `strata-agent init`: makes what an agent needs before it runs. */
export function initCommand(): Command {
  return withPlaces(
    new Command('init')
      .summary('make a key, a certificate and a config')
      .description(
        'Makes a key and a certificate that it signs itself, and prints the fingerprint, which clients pin. With --environment and --store, a config file too.',
      )
      .option('--name <name>', 'a host name or an address of this box; may be repeated', several(String))
      .option('--days <days>', 'how long the certificate is valid', readDays, 3650)
      .option('--force', 'replace a key and a certificate that are there')
      .option('--environment <name>', 'the environment of this box, for a new config file')
      .option('--cluster <name>', 'its cluster')
      .option('--store <address>', 'where artifacts are kept, for a new config file')
      .option('--address <host:port>', 'where to listen, for a new config file'),
  ).action(init);
}

function init(options: InitOptions): void {
  const places = placesFrom(options);
  const isNew = !fs.existsSync(places.config);
  const text = isNew ? newConfig(options) : undefined;
  const { certificate, key } = filesFor(places, isNew, text);
  if (text !== undefined) {
    fs.mkdirSync(path.dirname(places.config), { recursive: true, mode: 0o755 });
    fs.writeFileSync(places.config, text, { flag: 'wx', mode: 0o644 });
    process.stdout.write(`config       ${places.config}\n`);
  }
  const there = [key, certificate].find((file) => fs.existsSync(file));
  if (there !== undefined && !options.force) {
    throw new AgentError(
      'moved',
      `${there} is there already: --force replaces it, and clients that know it refuse the new one`,
    );
  }
  const pair = selfSigned(namesFrom(options), options.days, Date.now());
  replaceFile(key, pair.key, 0o600);
  replaceFile(certificate, pair.certificate, 0o644);
  const { fingerprint256 } = readCertificate(certificate);
  process.stdout.write(`key          ${key}\ncertificate  ${certificate}\nfingerprint  ${fingerprint256}\n`);
}

/** Where key and certificate belong; `invalid` where the config, also the new one, is not right. */
function filesFor(
  places: Places,
  isNew: boolean,
  text: string | undefined,
): { certificate: string; key: string } {
  const usual = {
    certificate: path.join(places.state, 'tls', 'certificate.pem'),
    key: path.join(places.state, 'tls', 'key.pem'),
  };
  if (!isNew) return loadConfig(places).listen.tls ?? usual;
  if (text === undefined) return usual;
  const read = readConfig(text, places);
  if ('config' in read) return read.config.listen.tls ?? usual;
  throw new AgentError('invalid', read.faults.map(faultText).join('\n'));
}

/** The box of a folder of one's own leaves the system alone. */
function newConfig({ environment, cluster, store, address, root }: InitOptions): string | undefined {
  if (environment === undefined || store === undefined) return undefined;
  const isOwnFolder = root !== undefined;
  // JSON is YAML: nothing in a name can mean anything else.
  const place = /^[a-z][a-z0-9+.-]+:/i.test(store) ? store : path.resolve(store);
  const lines = [
    `environment: ${JSON.stringify(environment)}`,
    ...(cluster === undefined ? [] : [`cluster: ${JSON.stringify(cluster)}`]),
    'repository:',
    `  store: ${JSON.stringify(place)}`,
    ...(address === undefined ? [] : ['listen:', `  address: ${JSON.stringify(address)}`]),
    ...(isOwnFolder ? [] : ['steps:', '  system: true']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function namesFrom({ name = [] }: InitOptions): [string, ...string[]] {
  const [first = os.hostname(), ...others] = name;
  return [
    first,
    ...new Set([...others, os.hostname(), 'localhost', '127.0.0.1', '::1'].filter((one) => one !== first)),
  ];
}

function replaceFile(file: string, text: string, mode: number): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const staged = `${file}.${process.pid}.new`;
  fs.writeFileSync(staged, text, { flag: 'wx', mode, flush: true });
  fs.renameSync(staged, file);
}
