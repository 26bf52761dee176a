import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
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
  /** Whether packages may bring some: there are others, or nothing was live. */
  packagesToo: boolean;
}

export async function migrationChange({
  release,
  previous,
}: Pick<StepContext, 'release' | 'previous'>): Promise<MigrationChange> {
  const now = await ownMigrations(release);
  const before = previous === undefined ? [] : await ownMigrations(previous);
  const required = (folder: string) => ifThere(fs.readFile(path.join(folder, 'requirements.txt'), 'utf8'));
  return {
    added: now.filter((one) => !before.includes(one)),
    gone: before.filter((one) => !now.includes(one)),
    labels: new Set(now.map(labelOf)),
    packagesToo: previous === undefined || (await required(release)) !== (await required(previous)),
  };
}

async function ownMigrations(release: string): Promise<string[]> {
  const files = (await releaseFiles(release)).filter(isMigration);
  return files
    .map((name) => `${path.basename(path.dirname(path.dirname(name)))}.${path.basename(name, '.py')}`)
    .sort();
}

function labelOf(migration: string): string {
  return migration.slice(0, migration.indexOf('.'));
}

/** Does what migrations are pending, where the app wishes it. What is begun is put down: no rollback takes it back. */
export async function migrate(work: StepWork, manage: Manage): Promise<void> {
  const wish = migrateWish(work);
  if (wish === 'never') return;
  const pending = pendingOf(await manage.ask('showmigrations', '--plan', '--no-color'));
  if (pending.length === 0) return work.log('no migrations are pending', 'agent');
  if (wish === 'planned') await checkPlanned(work, pending);
  await work.keep({ migrations: pending });
  work.log(`${listed(pending)} done before the switch; a rollback does not undo migrations`, 'agent');
  await manage.run('migrate', '--noinput', '--no-color');
}

/** `[ ]  shop.0002_more`: those without an X. */
function pendingOf(told: string): string[] {
  return told.split('\n').flatMap((line) => /^\[ \]\s+(\S+)/.exec(line)?.[1] ?? []);
}

async function checkPlanned(work: StepWork, pending: readonly string[]): Promise<void> {
  if (!work.isPlanned)
    throw refused(`${listed(pending)} pending, and run only in a deployment of a plan that listed them`);
  const { added, labels, packagesToo } = await migrationChange(work);
  const isTold = (one: string) => (labels.has(labelOf(one)) ? added.includes(one) : packagesToo);
  const untold = pending.filter((one) => !isTold(one));
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
