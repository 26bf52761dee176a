import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

function readJson(file: string) {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
}

describe('the package', () => {
  let files: string[];
  beforeAll(async () => {
    files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  });

  it('holds exactly this', () => {
    const own = files.filter((file) => !file.startsWith('examples/'));
    expect(own.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/THIRD_PARTY_NOTICES.txt',
      'dist/agent.js',
      'dist/cli.bundle.js',
      'dist/cli.js',
      'dist/client.js',
      'dist/deployment.js',
      'dist/languageClient.js',
      'dist/layerMap.js',
      'dist/server.bundle.js',
      'dist/server.js',
      'docs/README.md',
      'docs/agent.md',
      'docs/artifacts.md',
      'docs/boxes.md',
      'docs/building.md',
      'docs/cli.md',
      'docs/deployments.md',
      'docs/editing.md',
      'docs/editors.md',
      'docs/extension.md',
      'docs/layers.md',
      'docs/logs.md',
      'docs/problems.md',
      'docs/protocol.md',
      'docs/rollouts.md',
      'docs/steps.md',
      'docs/templates.md',
      'media/deployment.css',
      'media/icon.png',
      'media/layerMap.css',
      'media/screenshots/compare.png',
      'media/screenshots/deployment.png',
      'media/screenshots/hover.png',
      'media/screenshots/layerMap.png',
      'media/strata.svg',
      'media/walkthrough/agent.svg',
      'media/walkthrough/build.svg',
      'media/walkthrough/compare.svg',
      'media/walkthrough/deploy.svg',
      'media/walkthrough/example.svg',
      'media/walkthrough/hover.svg',
      'media/walkthrough/rollBack.svg',
      'media/walkthrough/tail.svg',
      'package.json',
      'package.nls.json',
      'schemas/steps.schema.json',
      'schemas/strata-agent.schema.json',
      'schemas/strata.schema.json',
      'syntaxes/deployLog.tmLanguage.json',
      'syntaxes/effective.tmLanguage.json',
      'syntaxes/jinja.tmLanguage.json',
      'syntaxes/languages/dash.json',
      'syntaxes/languages/hash.json',
      'syntaxes/languages/jinja.json',
      'syntaxes/languages/markup.json',
      'syntaxes/languages/slash.json',
      'syntaxes/placeholders.tmLanguage.json',
      'syntaxes/templates/css.tmLanguage.json',
      'syntaxes/templates/html.tmLanguage.json',
      'syntaxes/templates/ini.tmLanguage.json',
      'syntaxes/templates/javascript.tmLanguage.json',
      'syntaxes/templates/json.tmLanguage.json',
      'syntaxes/templates/nginx.tmLanguage.json',
      'syntaxes/templates/python.tmLanguage.json',
      'syntaxes/templates/shell.tmLanguage.json',
      'syntaxes/templates/sql.tmLanguage.json',
      'syntaxes/templates/text.tmLanguage.json',
      'syntaxes/templates/xml.tmLanguage.json',
      'syntaxes/templates/yaml.tmLanguage.json',
    ]);
  });

  it('holds the example as it is committed, and nothing that was made in it', () => {
    const packed = files.filter((file) => file.startsWith('examples/')).sort();
    const committed = execFileSync('git', ['ls-files', 'examples/shop'], { cwd: root, encoding: 'utf8' });
    expect(packed).toEqual(committed.trim().split('\n').sort());
  });

  it('has a picture and a text for every step of its tour', () => {
    const { contributes } = readJson('package.json');
    const [tour] = contributes.walkthroughs;
    const commands = contributes.commands.map(({ command }: { command: string }) => command);
    for (const { media, completionEvents } of tour.steps) {
      const svg = fs.readFileSync(path.join(root, media.svg), 'utf8');
      // Colours come from the theme; a colour of its own is only what stands in where there is none.
      expect(svg.replaceAll(/var\(--vscode-[\w-]+, (var\([^)]*\)|#\w+)\)/g, '')).not.toMatch(/#[0-9a-f]{3}/i);
      expect(svg).not.toMatch(/href|<script|<style|url\(/);
      const [event = ''] = completionEvents;
      expect(commands).toContain(event.replace('onCommand:', ''));
    }
  });

  it('has a text for every %key% of its manifest, and no other', () => {
    const manifest = JSON.stringify(readJson('package.json'));
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(readJson('package.nls.json')).sort());
  });

  it('promises translations of its messages only where it has some', () => {
    // VS Code looks for them before it starts the extension, and logs an error where there are none.
    const translations = files.filter((file) => /\bbundle\.l10n\.[\w-]+\.json$/.test(file));
    expect(readJson('package.json').l10n !== undefined).toBe(translations.length > 0);
  });

  it('has no page with a link to what is not in it', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(15);
    const links = pages.flatMap((page) => {
      const text = fs.readFileSync(path.join(root, page), 'utf8');
      const places = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, place = '']) => place);
      const own = places.filter((place) => !/^(https:|command:)/.test(place));
      return own.map((place) => ({ page, file: path.posix.join(path.posix.dirname(page), place) }));
    });
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter(({ file }) => !files.includes(file))).toEqual([]);
    const index = links.filter(({ page }) => page === 'docs/README.md').map(({ file }) => file);
    expect(['docs/README.md', ...index].sort()).toEqual(
      files.filter((file) => file.startsWith('docs/')).sort(),
    );
  });

  it('links to commands that are there', () => {
    const commands = readJson('package.json').contributes.commands.map(
      ({ command }: { command: string }) => command,
    );
    const texts = JSON.stringify(readJson('package.nls.json'));
    const linked = [...texts.matchAll(/\(command:(strata\.[\w.]+)/g)].map((match) => match[1]);
    expect(commands).toEqual(expect.arrayContaining(linked));
    const pages = [...texts.matchAll(/showDocumentation\?%5B%22(\w+)%22%5D/g)].map(
      ([, page]) => `docs/${page}.md`,
    );
    expect(pages.length).toBeGreaterThan(0);
    expect(files).toEqual(expect.arrayContaining(pages));
  });

  it('says of every command where the palette offers it', () => {
    const { commands, menus } = readJson('package.json').contributes;
    const entries: { command: string; when?: string }[] = menus.commandPalette;
    const told = entries.flatMap(({ command, when = '' }) => (when === '' ? [] : [command]));
    expect(told.sort()).toEqual(commands.map(({ command }: { command: string }) => command).sort());
  });

  it('holds the pictures that its page shows', () => {
    const page = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
    const shown = [...page.matchAll(/!\[[^\]]+\]\((\S+)\)/g)].map(([, file]) => file);
    expect(shown.length).toBeGreaterThan(3);
    expect(files).toEqual(expect.arrayContaining(shown));
  });

  it('has a line for every command and setting in its documentation, and no other', () => {
    const { commands, menus, configuration } = readJson('package.json').contributes;
    const texts = readJson('package.nls.json');
    const hidden = menus.commandPalette.filter(({ when }: { when: string }) => when === 'false');
    const hiddenIds = hidden.map(({ command }: { command: string }) => command);
    const shown = commands.filter(({ command }: { command: string }) => !hiddenIds.includes(command));
    const lines = shown.map(
      ({ command, title }: { command: string; title: string }) => `${texts[title.slice(1, -1)]} | ${command}`,
    );
    const page = fs.readFileSync(path.join(root, 'docs/extension.md'), 'utf8');
    const told = [...page.matchAll(/^\| (.+?) +\| `(strata\..+?)` +\| \S/gm)].map(
      ([, title, id]) => `${title} | ${id}`,
    );
    expect(told.sort()).toEqual(lines.sort());
    const settings = [...page.matchAll(/^\| `(strata\..+?)` +\| .+ \| \S/gm)].map(([, id]) => id);
    expect(settings.sort()).toEqual(Object.keys(configuration.properties).sort());
  });

  it('has @types/vscode of the oldest VS Code that it runs in', () => {
    const { engines, devDependencies } = readJson('package.json');
    expect(engines.vscode).toBe(`^${devDependencies['@types/vscode']}`);
  });
});
