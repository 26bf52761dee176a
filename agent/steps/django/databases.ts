import type { StepOptions } from '../../../core/steps/readSteps.ts';

const usual = 'default';

/** The databases that an app wants its migrations in, by their aliases; nothing where it leaves that to Django. */
function namedDatabases({ databases }: StepOptions): string[] | undefined {
  return Array.isArray(databases) ? databases.filter((one) => typeof one === 'string') : undefined;
}

/** The same, with the one that Django takes by itself. */
export function databasesOf(options: StepOptions): string[] {
  return namedDatabases(options) ?? [usual];
}

/** What `manage.py` is told for a database. */
export function databaseArguments(options: StepOptions, database: string): string[] {
  return namedDatabases(options) === undefined ? [] : [`--database=${database}`];
}

/** As plans and logs tell something of a database: the usual one goes without saying. */
export function inDatabase(what: string, database: string): string {
  return database === usual ? what : `${what} (${database})`;
}
