import fs from 'node:fs/promises';
import path from 'node:path';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';
import { isAppConfig } from './appLabels.ts';
import { makeLogFiles, newLogFiles } from './logFiles.ts';
import { factsOf, type Manage, manageOf } from './manage.ts';
import {
  isMigration,
  listed,
  type MigrationChange,
  migrate,
  migrateWish,
  migrationChange,
  toldMigrations,
} from './migrations.ts';
import { releaseFiles } from './releaseFiles.ts';

/**
 * Prepares a Django app by its own `manage.py`, as the app's user: messages, static files, and where the app wishes it, migrations. These come
 * last, since nothing takes them back.
 */
export function djangoStep(): Step {
  const reads = (name: string) => isMigration(name) || isAppConfig(name);
  return { name: 'django', reads, plan, prepare, deployed, restore };
}

/** By the files alone: a plan runs nothing of an app, whose new release is not there yet either. */
async function plan(context: StepContext): Promise<StepPlan> {
  const change = await migrationChange(context);
  const logs = (await newLogFiles(context)).map((file) => `django: the log file ${file} is made`);
  const notes = [...logs, ...goneNotes(change)];
  // A release that is there is gone back to as it is.
  const isThere = path.dirname(context.release) === appPlaces(context.root, context.app).versions;
  if (isThere) return { notes };
  const { added } = change;
  const wish = migrateWish(context);
  if (wish === 'never' && added.length > 0)
    notes.push(`django: ${listed(added)} new, and not run (option migrate)`);
  if (wish === 'never') return { notes };
  const migrations = toldMigrations(change);
  if (migrations.length > 0)
    notes.push('django: migrations are run before the switch, and stay done where the deployment goes back');
  return { migrations, notes };
}

function goneNotes({ gone }: MigrationChange): string[] {
  return gone.length === 0
    ? []
    : [
        `django: ${listed(gone)} not in this version; what ${gone.length === 1 ? 'it' : 'they'} did is not undone`,
      ];
}

async function prepare(work: StepWork): Promise<void> {
  // The app's settings may open them.
  await makeLogFiles(work);
  const manage = await manageOf(work);
  const { staticRoot, mediaRoot } = await factsOf(manage, work.release);
  await tellMedia(work, mediaRoot);
  await compileMessages(work, manage);
  await collectStatic(work, manage, staticRoot);
  await migrate(work, manage);
}

/** What people upload must not go with a release. */
async function tellMedia({ release, log }: StepWork, mediaRoot: string | undefined): Promise<void> {
  const real = mediaRoot === undefined ? undefined : await ifThere(fs.realpath(mediaRoot));
  if (real === undefined || !isBelow(real, await fs.realpath(release))) return;
  log(
    `MEDIA_ROOT (${path.relative(release, real)}) lies in the release and goes with it: use the step data`,
    'stderr',
  );
}

async function compileMessages(work: StepWork, manage: Manage): Promise<void> {
  const { options, release, log } = work;
  if (options.messages === false) return;
  const isCatalogue = (name: string) => /(^|\/)locale\/[^/]+\/LC_MESSAGES\/[^/]+\.po$/.test(name);
  if (options.messages !== true && !(await releaseFiles(release)).some(isCatalogue)) return;
  const { code } = await work.ask(['msgfmt', '--version']);
  if (code === 0) return await manage.run('compilemessages', ...(await ignored(release)));
  const why = 'messages are not compiled: there is no msgfmt here (gettext)';
  if (options.messages === true) throw new AgentError('refused', `django: ${why}`);
  log(why, 'stderr');
}

/** Messages of packages are compiled already; older ones know no `--ignore`, and do not follow links. */
async function ignored(release: string): Promise<string[]> {
  const isFolder = (await ifThere(fs.lstat(path.join(release, 'virtualenv'))))?.isDirectory();
  return isFolder === true ? ['--ignore=virtualenv'] : [];
}

async function collectStatic(work: StepWork, manage: Manage, staticRoot: string | undefined): Promise<void> {
  const { options, release, root, app, log } = work;
  if (options.static === false) return;
  if (staticRoot === undefined && options.static !== true) return;
  if (
    staticRoot !== undefined &&
    !isBelow(staticRoot, release) &&
    !isBelow(staticRoot, await fs.realpath(release))
  ) {
    const { live, previous, versions } = appPlaces(root, app);
    if ([live, previous, versions].some((folder) => isBelow(staticRoot, folder)))
      throw new AgentError(
        'refused',
        `django: STATIC_ROOT (${staticRoot}) is in another release: name it by the settings' own place`,
      );
    log(
      `STATIC_ROOT (${staticRoot}) lies outside of the release: a rollback does not put its files back`,
      'stderr',
    );
  }
  await manage.run('collectstatic', '--noinput', '--no-color');
}

function isBelow(at: string, folder: string): boolean {
  return at === folder || at.startsWith(folder + path.sep);
}

async function deployed(work: StepWork): Promise<void> {
  for (const note of goneNotes(await migrationChange(work))) work.log(note, 'agent');
}

async function restore(work: StepWork): Promise<void> {
  const begun = (await work.kept())?.migrations;
  if (Array.isArray(begun) && begun.length > 0)
    work.log(`${listed(begun.map(String))} not undone, as far as done`, 'agent');
}
