// What lets the extension run in folders that nobody trusts: it starts nothing but its own server.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const parts = ['core', 'disk', 'protocol', 'server', 'client'];
const sources = parts.flatMap((part) =>
  fs
    .readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(root, part, name)),
);

it('no part of the extension runs programs or code of a workspace', () => {
  expect(sources.length).toBeGreaterThan(100);
  const starts =
    /child_process|worker_threads|node:vm|\beval\(|new Function\(|\bimport\(|\brequire\(|createTerminal|executeTask/;
  expect(sources.filter((file) => starts.test(fs.readFileSync(file, 'utf8')))).toEqual([]);
});

it('no setting names a program', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
  const settings = Object.keys(manifest.contributes.configuration.properties);
  expect(settings.filter((name) => /path|command|executable|args|env|runtime/i.test(name))).toEqual([]);
});
