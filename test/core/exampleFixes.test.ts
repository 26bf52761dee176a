import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finding, lint } from '../../core/features/lint.ts';
import { problemCodes } from '../../core/problem.ts';
import type { FileText } from '../../core/source.ts';
import { discoverWorkspaces } from '../../core/workspace/discover.ts';
import { type Model, openModel } from '../../core/workspace/model.ts';
import { decode } from '../../disk/diskSource.ts';
import { actionsAt, changed, shown } from '../support/actions.ts';
import { mapSource } from '../support/fixture.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');
/** What people make in the folders when they follow the tour. */
const made = /(?:^|\/)(?:node_modules|build|static|__pycache__)\/|configuration(?:_public)?\.json$/;

/** The files of an example as they are on the disk, below `/w`. */
function filesOf(example: string): Map<string, FileText> {
  const folder = path.join(examples, example);
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((one) => path.join(one.parentPath, one.name));
  const named = files.map((file) => [path.relative(folder, file).replaceAll('\\', '/'), file] as const);
  const own = named.filter(([name]) => !made.test(name));
  return new Map(own.map(([name, file]) => [`/w/${name}`, decode(fs.readFileSync(file))]));
}

/** The workspace with some texts in place of those on the disk. */
function modelOf(files: ReadonlyMap<string, FileText>, texts: ReadonlyMap<string, string>): Model {
  const source = mapSource(texts);
  const read = (file: string) => {
    const before = files.get(file);
    const isSame = before !== undefined && 'text' in before && before.text === texts.get(file);
    return isSame ? before : source.read(file);
  };
  const [workspace] = discoverWorkspaces({ ...source, read }, ['/w']);
  if (workspace === undefined) throw new Error('the example is no workspace');
  return openModel({ ...source, read }, workspace);
}

function key({ code, file, setting }: Finding): string {
  return `${code} ${path.basename(file)} ${setting ?? ''}`.trim();
}

/** A finding of an example, with the title of its first fix and what is found after it. */
function mended(example: string) {
  const files = filesOf(example);
  const texts = new Map(
    [...files].flatMap(([file, one]) => ('text' in one ? [[file, one.text] as const] : [])),
  );
  const model = modelOf(files, texts);
  const findings = lint(model);
  return findings.map((finding) => {
    const request = { problems: [shown(finding)], only: ['quickfix'] };
    const found = actionsAt(model, finding.file, finding.range.start, request);
    const action = found.find((one) => one.preferred) ?? found[0];
    const change = action?.change();
    const after = change && lint(modelOf(files, changed(texts, change))).map(key);
    const others = findings.filter((one) => one !== finding).map(key);
    return { name: key(finding), code: finding.code, title: action?.title, after, others };
  });
}

const shop = mended('shop');
const faults = mended('faults');
const list = (all: typeof shop) => all.map(({ name, title = '(no fix)' }) => `${name}: ${title}`);

describe('the deliberate problems of the examples', () => {
  it('are these in the shop', () => {
    expect(list(shop)).toMatchInlineSnapshot(`
      [
        "type-mismatch landing-qa.yaml landing.cache_time: Make it a string",
        "missing-value landing-production-eu.yaml landing.cdn.purge_token: Give the value here",
        "redundant-override landing-integration.yaml landing.title: Remove the redundant setting",
        "likely-typo landing-integration.yaml landing.taglin: Change to \`tagline\`",
        "environment-gap landing-integration.yaml landing.analytics.dashboard: Give \`landing.analytics.dashboard\` in integration as in qa: "https://stats.papershop.example/qa"",
        "public-key-missing public-data.yaml landing.analytics.site_key: Remove the entry",
        "schema landing-production-us.yaml landing.analytics.sample_percent: Change to \`100\`",
        "template-undefined landing.conf landing.cachetime: Change to \`cache_time\`",
        "unreachable-layer landing-prodution.yaml: Move its settings to \`landing-production.yaml\` and delete this file",
      ]
    `);
  });

  it('are these among the faults', () => {
    expect(list(faults)).toMatchInlineSnapshot(`
      [
        "not-a-mapping kiosk.yaml: (no fix)",
        "yaml-syntax kiosk-local.yaml: Indent with spaces instead of tabs",
        "unreadable-layer common-qa.yaml: (no fix)",
        "duplicate-key kiosk-qa.yaml: Remove this second one",
        "several-documents kiosk-qa.yaml: (no fix)",
        "yaml-syntax kiosk-production.yaml: Change to \`!deleted\`",
        "manifest strata.yaml merg: Change to \`merge\`",
        "ambiguous-layer kiosk-production.yml: (no fix)",
        "steps steps.yaml heath: Change to \`health\`",
      ]
    `);
  });

  it('show every code that there is', () => {
    const told = new Set([...shop, ...faults].map(({ code }) => code));
    expect(problemCodes.filter((code) => !told.has(code))).toEqual([]);
  });

  it('have a fix, but where only a person can know what is meant', () => {
    const bare = [...shop, ...faults].filter(({ title }) => title === undefined);
    expect(bare.map(({ code }) => code).sort()).toEqual([
      'ambiguous-layer',
      'not-a-mapping',
      'several-documents',
      'unreadable-layer',
    ]);
  });

  const fixable = [...shop, ...faults].filter(({ title }) => title !== undefined);
  it.each(fixable)('go away by it, and nothing else comes: $name', ({ after, others }) => {
    expect(after).toEqual(others);
  });

  it.each([
    ['shop', shop],
    ['faults', faults],
  ])('are in the table of the %s, with their fixes', (example, all) => {
    const text = fs.readFileSync(path.join(examples, example, 'README.md'), 'utf8');
    const table = [...text.matchAll(/^\| `([\w-]+)` \| .* \| ([^|]*) ?\|$/gm)];
    const rows = table.map(([, code, fix = '']) => `${code}: ${fix.replace(/ …|\s+$/g, '')}`);
    const expected = all.map(({ code, title = '' }) => `${code}: ${title.replace(/: ".*"$/, '')}`);
    expect(rows.sort()).toEqual(expected.sort());
  });
});
