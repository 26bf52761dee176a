import type { Command } from '../../deploy/step.ts';

/** What differs between web servers, as Debian sets them up. */
export interface WebServer {
  name: 'nginx' | 'apache';
  /** Where an app has the templates of its sites; what they include is in `includes/` below. */
  templates: string;
  /** Where its configuration is. */
  folder: string;
  /** Its unit of systemd. */
  unit: string;
  /** Something that it answers where it is installed. */
  version: Command;
  /** Has it check a configuration folder; nothing is changed. */
  test(folder: string): Command;
  /** Has it take a new configuration where there is no systemd. */
  reload: Command;
  /** Where it says why it did not take one. */
  errorLog: string;
  /** How one of its workers is called that takes connections; nothing where they stop to before there are new ones. */
  worker?: RegExp;
  /** Finds what a file of its configuration includes, up to the path. */
  includes: RegExp;
}

export const nginx: WebServer = {
  name: 'nginx',
  templates: 'deploy/templates/nginx',
  folder: '/etc/nginx',
  unit: 'nginx.service',
  version: ['nginx', '-v'],
  test: (folder) => ['nginx', '-t', '-q', '-c', `${folder}/nginx.conf`],
  reload: ['nginx', '-s', 'reload'],
  errorLog: '/var/log/nginx/error.log',
  worker: /^nginx: worker process(?! is shutting down)/,
  includes: /(^|[;{}\s])include\s+["']?/g,
};

export const apache: WebServer = {
  name: 'apache',
  templates: 'deploy/templates/apache2',
  folder: '/etc/apache2',
  unit: 'apache2.service',
  version: ['apache2ctl', '-v'],
  test: (folder) => ['env', `APACHE_CONFDIR=${folder}`, 'apache2ctl', 'configtest'],
  reload: ['apache2ctl', 'graceful'],
  errorLog: '/var/log/apache2/error.log',
  includes: /^[ \t]*include(optional)?\s+["']?/gim,
};
