import type { AppStacks } from './appStacks.ts';

/** Which apps load a file. */
export interface Loaders {
  /** In any context. */
  apps(file: string): ReadonlySet<string>;
  /** How many load it in contexts that are checked. */
  checked(file: string): number;
}

const none: ReadonlySet<string> = new Set();

export function loadersOf(all: Iterable<AppStacks>): Loaders {
  const apps = new Map<string, Set<string>>();
  const checked = new Map<string, number>();
  for (const { app, checked: contexts, files } of all) {
    // Most files are those of one app.
    const alone = new Set([app.name]);
    for (const file of files) {
      const known = apps.get(file);
      if (known === undefined) apps.set(file, alone);
      else if (known.size > 1) known.add(app.name);
      else apps.set(file, new Set([...known, app.name]));
    }
    const own = new Set(contexts.flatMap((one) => one.files.map(({ file }) => file)));
    for (const file of own) checked.set(file, (checked.get(file) ?? 0) + 1);
  }
  return { apps: (file) => apps.get(file) ?? none, checked: (file) => checked.get(file) ?? 0 };
}
