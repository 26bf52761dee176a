import fs from 'node:fs';
import { Command } from 'commander';
import { ownerOf } from '../boxSettings.ts';
import type { AgentConfig } from '../config/config.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { AgentError } from '../failure.ts';
import { readCertificate, readTls } from '../http/tls.ts';
import { openBoxRepository } from '../startBox.ts';
import { type PlaceOptions, placesFrom, withPlaces } from './places.ts';

/** `strata-agent check`: what is wrong with the config file, and with what it names. */
export function checkCommand(): Command {
  return withPlaces(
    new Command('check')
      .summary('say what is wrong with the config file')
      .description('Reads the config file and what it names, and says what is wrong. Changes nothing.'),
  ).action(check);
}

async function check(options: PlaceOptions): Promise<void> {
  const config = loadConfig(placesFrom(options));
  const wrong = await mistakes(config);
  if (wrong.length > 0) throw new AgentError('invalid', wrong.join('\n'));
  const { file, environment, cluster, hostname, root, listen } = config;
  const scheme = listen.tls === undefined ? 'http' : 'https';
  const places = [
    ...(listen.address === undefined ? [] : [`${scheme}://${listen.address.host}:${listen.address.port}`]),
    `unix:${listen.socket}`,
  ];
  const where = cluster === undefined ? environment : `${environment}-${cluster}`;
  process.stdout.write(
    `${file} is right: ${hostname} in ${where}, apps in ${root}, listens on ${places.join(' and ')}\n`,
  );
}

/** What only a look at the box can tell. */
async function mistakes(config: AgentConfig): Promise<string[]> {
  const { listen, state, root, apps } = config;
  const checks = [
    () => (listen.tls === undefined ? undefined : readTls(listen.tls)),
    () => (listen.tls === undefined ? undefined : checkPrivate(listen.tls.key)),
    () => (listen.tls === undefined ? undefined : checkTime(listen.tls.certificate)),
    () => checkFolder('root', root),
    () => checkFolder('state', state),
    () => openBoxRepository(config),
    ...[...apps.keys()].map((app) => () => ownerOf(config, app)),
  ];
  const found: string[] = [];
  for (const one of checks) {
    try {
      await one();
    } catch (error) {
      found.push((error as Error).message);
    }
  }
  return found;
}

function checkPrivate(key: string): void {
  if ((fs.statSync(key).mode & 0o077) === 0) return;
  throw new AgentError('invalid', `others may read the private key ${key}: run chmod 600 on it`);
}

/** No client takes a certificate before its time, or after it. */
function checkTime(file: string): void {
  const { validFrom, validTo } = readCertificate(file);
  const day = (time: string) => new Date(time).toISOString().slice(0, 10);
  if (Date.parse(validTo) <= Date.now()) {
    const message = `${file} has expired on ${day(validTo)}: \`strata-agent init --force\` makes another one`;
    throw new AgentError('invalid', message);
  }
  if (Date.parse(validFrom) > Date.now()) {
    const message = `${file} is not valid before ${day(validFrom)}: look at the clock of this box`;
    throw new AgentError('invalid', message);
  }
}

/** A folder that is there must be the agent's to write; one that is not will be made. */
function checkFolder(key: string, folder: string): void {
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new AgentError('invalid', `${key}: ${folder} is no folder`);
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch {
    throw new AgentError('invalid', `${key}: you may not write in ${folder}`);
  }
}
