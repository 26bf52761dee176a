import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '../../releases/lasting.ts';

/** Whether a file of a release may say how an app of Django is called: `shop/apps.py`. */
export function isAppConfig(name: string): boolean {
  return path.basename(name) === 'apps.py';
}

/** The label of an app of Django: that of its configuration in `apps.py`, else the name of its folder. @param folder its path in the release. */
export async function appLabel(release: string, folder: string): Promise<string> {
  const text = await ifThere(fs.readFile(path.join(release, folder, 'apps.py'), 'utf8'));
  return (text === undefined ? undefined : labelIn(text)) ?? path.basename(folder);
}

/**
 * The label that a text of Python gives to its app. Of several configurations Django takes the only one without `default = False`, else the one with
 * `default = True` (docs.djangoproject.com/en/stable/ref/applications).
 */
export function labelIn(text: string): string | undefined {
  const all = text.split(/^(?=\S)/m).filter(isConfiguration);
  const offered = all.filter((one) => assigned(one, 'default') !== 'False');
  const chosen = offered.length === 1 ? offered : all.filter((one) => assigned(one, 'default') === 'True');
  const [only, ...more] = chosen;
  if (only === undefined || more.length > 0) return undefined;
  return /^(['"])(\w+)\1$/.exec(assigned(only, 'label') ?? '')?.[2];
}

/** A class that is one of `AppConfig`, or says what every configuration has to. */
function isConfiguration(part: string): boolean {
  return (
    /^class\s/.test(part) && (/^class\s[^:]*\bAppConfig\b/.test(part) || assigned(part, 'name') !== undefined)
  );
}

/** What is given to a name right in a class. */
function assigned(part: string, name: string): string | undefined {
  const indent = /^([ \t]+)\S/m.exec(part)?.[1];
  if (indent === undefined) return undefined;
  return new RegExp(`^${indent}${name}\\s*(?::[^=\\n]*)?=\\s*([^#\\n]*?)\\s*(?:#.*)?$`, 'm').exec(part)?.[1];
}
