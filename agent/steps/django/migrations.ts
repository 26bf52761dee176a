import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { settingsOf } from '../../deploy/steps/stepsOf.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appLabel } from './appLabels.ts';
import { databaseArguments, databasesOf, inDatabase } from './databases.ts';
import type { Manage } from './manage.ts';
import { releaseFiles } from './releaseFiles.ts';

/** When migrations are run: never, in each deployment, or only in one whose plan listed them. */
export type MigrateWish = 'never' | 'always' | 'planned';

export function migrateWish({ options }: Pick<StepContext, 'options'>): MigrateWish {
  if (options.migrate === 'planned') return 'planned';
  return options.migrate === true ? 'always' : 'never';
}

/** Whether a file of a release is a migration: `shop/migrations/0001_initial.py`. */
export function isMigration(name: string): boolean {
  return /(^|\/)[^/]+\/migrations\/[A-Za-z0-9]\w*\.py$/.test(name);
}

/** How migrations of a version differ from those of the live one, by the files: nothing is asked, and nothing of the app is run. */
export interface MigrationChange {
  /** `shop.0002_more`: those that come. */
  added: string[];
  /** Those that the live version has, and this one lacks. */
  gone: string[];
  /** The labels of the apps whose migrations lie in the release. */
  labels: ReadonlySet<string>;
  databases: DatabaseChange[];
}

/** The same for one of the databases that they are run in. */
interface DatabaseChange {
  name: string;
  /** Those that come; all that there are where the live version did not name this database. */
  added: string[];
  /** Whether packages may bring some: there are others, or nothing was live, or not in this database. */
  packagesToo: boolean;
}

export async function migrationChange({
  release,
  previous,
  options,
}: Pick<StepContext, 'release' | 'previous' | 'options'>): Promise<MigrationChange> {
  const now = await ownMigrations(release);
  const before = previous === undefined ? [] : await ownMigrations(previous);
  const required = (folder: string) => ifThere(fs.readFile(path.join(folder, 'requirements.txt'), 'utf8'));
  const added = now.filter((one) => !before.includes(one));
  const isOther = previous === undefined || (await required(release)) !== (await required(previous));
  const known = await databasesBefore(previous);
  return {
    added,
    gone: before.filter((one) => !now.includes(one)),
    labels: new Set(now.map(labelOf)),
    databases: databasesOf(options).map((name) =>
      known.includes(name) ? { name, added, packagesToo: isOther } : { name, added: now, packagesToo: true },
    ),
  };
}

/** Those that the live version named; of a file that cannot be read nothing is known. */
async function databasesBefore(previous: string | undefined): Promise<string[]> {
  const settings = previous === undefined ? undefined : await settingsOf(previous).catch(() => undefined);
  const options = settings?.steps.get('django');
  return databasesOf(typeof options === 'object' ? options : {});
}

/** What a deployment that runs migrations would run, in words. */
export function toldMigrations({ databases }: MigrationChange): string[] {
  return databases.flatMap(({ name, added, packagesToo }) => [
    ...added.map((one) => inDatabase(one, name)),
    ...(packagesToo ? [`those of packages${inDatabase('', name)}, if any are pending`] : []),
  ]);
}

async function ownMigrations(release: string): Promise<string[]> {
  const files = (await releaseFiles(release)).filter(isMigration);
  const folders = [...new Set(files.map(appFolder))];
  const labels = new Map(
    await Promise.all(folders.map(async (one) => [one, await appLabel(release, one)] as const)),
  );
  return files.map((name) => `${labels.get(appFolder(name))}.${path.basename(name, '.py')}`).sort();
}

/** That of the app that a migration is in. */
function appFolder(file: string): string {
  return path.dirname(path.dirname(file));
}

function labelOf(migration: string): string {
  return migration.slice(0, migration.indexOf('.'));
}

/** Migrations that are pending in a database. */
interface Pending {
  database: string;
  migrations: string[];
}

/** Does what migrations are pending, where the app wishes it. What is begun is put down: no rollback takes it back. */
export async function migrate(work: StepWork, manage: Manage): Promise<void> {
  const wish = migrateWish(work);
  if (wish === 'never') return;
  const { options } = work;
  const found: Pending[] = [];
  for (const database of databasesOf(options)) {
    const of = databaseArguments(options, database);
    const migrations = pendingOf(await manage.ask('showmigrations', '--plan', '--no-color', ...of));
    if (migrations.length > 0) found.push({ database, migrations });
  }
  const all = found.flatMap(toldPending);
  if (all.length === 0) return work.log('no migrations are pending', 'agent');
  if (wish === 'planned') await checkPlanned(work, found);
  await work.keep({ migrations: all });
  work.log(`${listed(all)} done before the switch; a rollback does not undo migrations`, 'agent');
  for (const { database } of found)
    await manage.run('migrate', '--noinput', '--no-color', ...databaseArguments(options, database));
}

/** `[ ]  shop.0002_more`: those without an X. */
function pendingOf(told: string): string[] {
  return told.split('\n').flatMap((line) => /^\[ \]\s+(\S+)/.exec(line)?.[1] ?? []);
}

function toldPending({ database, migrations }: Pending): string[] {
  return migrations.map((one) => inDatabase(one, database));
}

async function checkPlanned(work: StepWork, pending: readonly Pending[]): Promise<void> {
  if (!work.isPlanned) {
    const all = listed(pending.flatMap(toldPending));
    throw refused(`${all} pending, and run only in a deployment of a plan that listed them`);
  }
  const { labels, databases } = await migrationChange(work);
  const untold = pending.flatMap(({ database, migrations }) => {
    const change = databases.find(({ name }) => name === database);
    const isTold = (one: string) =>
      labels.has(labelOf(one)) ? change?.added.includes(one) : change?.packagesToo;
    return toldPending({ database, migrations: migrations.filter((one) => isTold(one) !== true) });
  });
  if (untold.length > 0)
    throw refused(`${listed(untold)} pending, and the plan did not list them: run them with migrate: true`);
}

function refused(message: string): AgentError {
  return new AgentError('refused', `django: ${message}`);
}

/** `the migration a.1 is`, `the migrations a.1, a.2 are`. */
export function listed(migrations: readonly string[]): string {
  const [noun, verb] = migrations.length === 1 ? ['migration', 'is'] : ['migrations', 'are'];
  return `the ${noun} ${migrations.join(', ')} ${verb}`;
}
