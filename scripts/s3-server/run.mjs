// Runs the S3 server: a monitor, one object store in memory, and radosgw before them. All is gone when it stops.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlainError, seconds } from '../lib/log.mjs';
import { runFolder } from '../lib/paths.mjs';
import { output, startChild } from '../lib/process.mjs';

/** @typedef {import('./install.mjs').Installation} Installation */

/**
 * @typedef {object} S3Server
 * @property {string} endpoint
 * @property {string} accessKey
 * @property {string} secretKey
 * @property {() => Promise<void>} stop
 */

const ACCESS_KEY = 'testkey';
const SECRET_KEY = 'testsecret';
const START_LIMIT_MS = 60_000;
const CALL_LIMIT_MS = 20_000;
const MEMORY_BYTES = 4 * 2 ** 30;
const TRIES = 3;
const STARTS = 3;

/**
 * Starts the server on free ports of this machine's loopback.
 * @param {Installation} installed
 * @returns {Promise<S3Server>}
 */
export async function startS3Server(installed) {
  // Now and then one never gets as far as to take a user, and another one does.
  for (let attempt = 1; attempt < STARTS; attempt++) {
    try {
      return await startOnce(installed);
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      console.log(`${error.message} It is started anew.`);
    }
  }
  return startOnce(installed);
}

/**
 * @param {Installation} installed
 * @returns {Promise<S3Server>}
 */
async function startOnce(installed) {
  const started = Date.now();
  const run = runFolder();
  /** @type {Array<() => Promise<number>>} */
  const stops = [];
  const stop = async () => {
    await Promise.all(stops.reverse().map((one) => one()));
    run.remove();
  };
  try {
    const port = await freePort();
    const cluster = await makeCluster(installed, run.dir, port);
    await startMonitor(cluster, stops);
    await startStore(cluster, stops);
    await makeUser(cluster);
    const endpoint = `http://127.0.0.1:${port}`;
    await startGateway(cluster, stops, endpoint);
    console.log(`The S3 server runs at ${endpoint} (${seconds(started)}).`);
    return { endpoint, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @typedef {object} Cluster
 * @property {Installation} installed
 * @property {string} dir
 * @property {string} id
 * @property {string} monitor its address
 * @property {Record<string, string>} env
 */

/**
 * @param {Installation} installed
 * @param {string} dir
 * @param {number} port
 * @returns {Promise<Cluster>}
 */
async function makeCluster(installed, dir, port) {
  for (const name of ['mon', 'osd', 'rgw', 'run', 'crash']) mkdirSync(join(dir, name));
  const file = join(dir, 'ceph.conf');
  const id = randomUUID();
  const monitor = `v1:127.0.0.1:${await freePort()}`;
  writeFileSync(file, settings(installed, dir, { id, monitor, port }));
  return { installed, dir, id, monitor, env: { ...installed.env, CEPH_CONF: file } };
}

/**
 * @param {Installation} installed
 * @param {string} dir
 * @param {{ id: string, monitor: string, port: number }} its
 */
function settings({ classes }, dir, { id, monitor, port }) {
  const plugins = join(classes, '..', 'ceph');
  return `[global]
fsid = ${id}
mon_host = ${monitor}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_data = ${join(dir, 'mon')}
osd_data = ${join(dir, 'osd')}
rgw_data = ${join(dir, 'rgw')}
run_dir = ${join(dir, 'run')}
crash_dir = ${join(dir, 'crash')}
keyring = /dev/null
admin_socket =
pid_file =
log_file =
mon_cluster_log_file =
log_to_stderr = true
err_to_stderr = true
plugin_dir = ${plugins}
erasure_code_dir = ${join(plugins, 'erasure-code')}
osd_class_dir = ${classes}
osd_objectstore = memstore
memstore_device_bytes = ${MEMORY_BYTES}
osd_crush_update_on_start = false
osd_crush_chooseleaf_type = 0
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 2000
mon_data_avail_warn = 1
mon_data_avail_crit = 0
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw_enable_usage_log = false
`;
}

/**
 * @param {Cluster} cluster
 * @param {Array<() => Promise<number>>} stops
 */
async function startMonitor(cluster, stops) {
  const map = join(cluster.dir, 'monmap');
  const address = `[${cluster.monitor}]`;
  await call(cluster, 'monmaptool', ['--create', '--addv', 'a', address, '--fsid', cluster.id, map]);
  await call(cluster, 'ceph-mon', ['--mkfs', '-i', 'a', '--monmap', map]);
  daemon(cluster, stops, 'ceph-mon', ['-i', 'a'], cluster.dir);
  await until('its monitor answers', async () => (await ceph(cluster, '-s')) !== undefined);
}

/**
 * @param {Cluster} cluster
 * @param {Array<() => Promise<number>>} stops
 */
async function startStore(cluster, stops) {
  const id = randomUUID();
  await ceph(cluster, 'osd', 'new', id);
  await ceph(cluster, 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=here');
  await call(cluster, 'ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', id]);
  // It now and then dies of an exception while it starts.
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const one = daemon(cluster, stops, 'ceph-osd', ['-i', '0']);
    const isUp = async () => (await ceph(cluster, 'osd', 'stat'))?.includes(' 1 up') ?? false;
    if (await until('its object store is up', async () => one.hasEnded() || (await isUp())).then(isUp))
      return;
  }
  throw new PlainError(`The S3 server's object store did not start: ${lastLines(cluster, 'ceph-osd')}`);
}

/** @param {Cluster} cluster */
async function makeUser(cluster) {
  const user = ['--uid=test', '--display-name=test', `--access-key=${ACCESS_KEY}`, `--secret=${SECRET_KEY}`];
  // The first call makes pools, and now and then waits for them in vain.
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const made = await answer(cluster, 'radosgw-admin', ['user', 'create', ...user]);
    if (made !== undefined || (await answer(cluster, 'radosgw-admin', ['user', 'info', '--uid=test'])))
      return;
  }
  throw new PlainError('The S3 server took no user.');
}

/**
 * @param {Cluster} cluster
 * @param {Array<() => Promise<number>>} stops
 * @param {string} endpoint
 */
async function startGateway(cluster, stops, endpoint) {
  daemon(cluster, stops, 'radosgw', ['-n', 'client.rgw.a']);
  const isUp = () =>
    fetch(endpoint).then(
      ({ status }) => status < 500,
      () => false,
    );
  await until('it answers', isUp);
}

/**
 * Starts a program that runs until the server stops.
 * @param {Cluster} cluster
 * @param {Array<() => Promise<number>>} stops
 * @param {string} name
 * @param {string[]} args
 * @param {string} [folder] deleted when it has ended, in whatever way
 */
function daemon({ env, dir }, stops, name, args, folder = '') {
  const log = join(dir, `${name}.log`);
  const onOutput = (/** @type {string} */ text) => {
    if (existsSync(dir)) writeFileSync(log, text, { flag: 'a' });
  };
  const child = startChild(name, [...args, '-f'], { env, onOutput, folder });
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  stops.push(child.stop);
  return { hasEnded: () => ended };
}

/**
 * @param {Cluster} cluster
 * @param {string} command
 * @param {string[]} args
 */
async function call({ env }, command, args) {
  return output(command, args, { env, limitMs: CALL_LIMIT_MS });
}

/**
 * What a command prints; nothing where it fails.
 * @param {Cluster} cluster
 * @param {string} command
 * @param {string[]} args
 */
async function answer(cluster, command, args) {
  try {
    return await call(cluster, command, args);
  } catch {
    return undefined;
  }
}

/**
 * @param {Cluster} cluster
 * @param {string[]} args
 */
function ceph(cluster, ...args) {
  const { python, root } = cluster.installed;
  return answer(cluster, python, [join(root, 'usr', 'bin', 'ceph'), '--connect-timeout', '5', ...args]);
}

/**
 * @param {string} what
 * @param {() => Promise<boolean>} isSo
 */
async function until(what, isSo) {
  const end = Date.now() + START_LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end)
      throw new PlainError(`The S3 server: waited ${START_LIMIT_MS / 1000} s until ${what}`);
    await wait(50);
  }
}

/**
 * @param {Cluster} cluster
 * @param {string} name
 */
function lastLines({ dir }, name) {
  try {
    return readFileSync(join(dir, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-5)
      .join('\n');
  } catch {
    return 'it said nothing';
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
