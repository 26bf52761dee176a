/** Programs of supervisord that are started and stopped together: a group, or one that is in none. */
export interface ProgramGroup {
  name: string;
  /** Its programs do their work and end. */
  mayEnd: boolean;
}

const section = /^\[(program|fcgi-program|eventlistener|group):([^\]]+)\]\s*$/;

/** The groups that files of supervisord have. */
export function groupsIn(texts: Iterable<string>): ProgramGroup[] {
  const sections = [...texts].flatMap(sectionsOf);
  const groups = sections.filter(({ kind }) => kind === 'group');
  const members = new Set(groups.flatMap(programsOf));
  const single = sections.filter(({ kind, name }) => kind !== 'group' && !members.has(name));
  const ends = new Set(
    sections.filter(({ lines }) => optionOf(lines, 'startsecs') === '0').map(({ name }) => name),
  );
  return [
    ...single.map(({ name }) => ({ name, mayEnd: ends.has(name) })),
    ...groups.map((group) => ({
      name: group.name,
      mayEnd: programsOf(group).every((name) => ends.has(name)),
    })),
  ];
}

/** Names that no other file of supervisord may have: `program:one`, `group:shop`. A program that is in no group is a group, too. */
export function sectionsIn(texts: Iterable<string>): Set<string> {
  const all = [...texts];
  const sections = all.flatMap(sectionsOf).map(({ kind, name }) => `${kind}:${name}`);
  return new Set([...sections, ...groupsIn(all).map(({ name }) => `group:${name}`)]);
}

interface Section {
  kind: string;
  name: string;
  lines: string[];
}

function sectionsOf(text: string): Section[] {
  const found: Section[] = [];
  let current: Section | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, kind, name] = section.exec(line) ?? [];
    if (kind !== undefined && name !== undefined) {
      current = { kind, name: name.trim(), lines: [] };
      found.push(current);
    } else if (line.startsWith('[')) current = undefined;
    else current?.lines.push(line);
  }
  return found;
}

function programsOf({ lines }: Section): string[] {
  return (optionOf(lines, 'programs') ?? '').split(',').map((name) => name.trim());
}

function optionOf(lines: readonly string[], option: string): string | undefined {
  const found = lines.map((line) => line.split(/[=:](.*)/s)).find(([name]) => name?.trim() === option);
  return found?.[1]?.replace(/\s;.*$/, '').trim();
}
