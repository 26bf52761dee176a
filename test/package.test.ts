import fs from 'node:fs';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

function readJson(file: string) {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
}

describe('the package', () => {
  it('holds exactly this', async () => {
    const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
    expect(files.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/THIRD_PARTY_NOTICES.txt',
      'dist/agent.js',
      'dist/cli.bundle.js',
      'dist/cli.js',
      'dist/client.js',
      'dist/deployment.js',
      'dist/layerMap.js',
      'dist/server.bundle.js',
      'dist/server.js',
      'l10n/bundle.l10n.json',
      'media/deployment.css',
      'media/icon.png',
      'media/layerMap.css',
      'media/screenshots/hover.png',
      'media/strata.svg',
      'package.json',
      'package.nls.json',
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

  it('has a text for every %key% of its manifest, and no other', () => {
    const manifest = JSON.stringify(readJson('package.json'));
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(readJson('package.nls.json')).sort());
  });

  it('has @types/vscode of the oldest VS Code that it runs in', () => {
    const { engines, devDependencies } = readJson('package.json');
    expect(engines.vscode).toBe(`^${devDependencies['@types/vscode']}`);
  });
});
