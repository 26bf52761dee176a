import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from '../../releases/lasting.ts';

/** What is not the app's own. */
const others = ['virtualenv', 'node_modules', '__pycache__'];

/** The files of a release that are the app's own, by their paths in it; what lies behind links is none of them. */
export async function releaseFiles(release: string, within = ''): Promise<string[]> {
  const entries = (await ifThere(fs.readdir(path.join(release, within), { withFileTypes: true }))) ?? [];
  const found = await Promise.all(
    entries.map((entry) => {
      const name = path.join(within, entry.name);
      if (!entry.isDirectory()) return [name];
      return entry.name.startsWith('.') || others.includes(entry.name) ? [] : releaseFiles(release, name);
    }),
  );
  return found.flat();
}
