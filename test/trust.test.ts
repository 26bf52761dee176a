// What lets the extension be there in folders that nobody trusts: it starts nothing but its own server, and git, until they are trusted.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { git } from '../disk/git.ts';

const root = path.resolve(import.meta.dirname, '..');
const parts = ['core', 'disk', 'protocol', 'server', 'client'];
const sources = parts.flatMap((part) =>
  fs
    .readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(root, part, name)),
);

it('the parts that run programs are known, each with why it may', () => {
  expect(sources.length).toBeGreaterThan(100);
  const starts =
    /child_process|worker_threads|node:vm|\beval\(|new Function\(|\bimport\(|\brequire\(|\bcreateRequire\(|createTerminal|executeTask/;
  const starting = sources.filter((file) => starts.test(fs.readFileSync(file, 'utf8')));
  const known = [
    // Git itself reads commits, and is kept from running what a repository may set.
    'disk/git.ts',
    // A fresh context gives the garbage collector away, and runs a text of our own.
    'server/memory.ts',
    // The bundles beside them.
    'client/languageServer.ts',
    'server/start.ts',
    // Makes a repository of the copy of our own example.
    'client/example/copyExample.ts',
    // The terminal that shows logs has no program behind it.
    'client/logs/terminal.ts',
    // The bundled command and agent: whoever calls it looks at the trust first (client/trust.ts), as restricted.test.ts shows.
    'client/node/tool.ts',
    'client/commands/app/build.ts',
  ];
  expect(starting.map((file) => path.relative(root, file).replaceAll('\\', '/')).sort()).toEqual(
    known.sort(),
  );
});

it.skipIf(process.platform === 'win32')('a repository cannot make git run anything', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-trust-'));
  const mark = path.join(folder, 'ran');
  const run = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  run('init', '-q');
  fs.writeFileSync(path.join(folder, 'a.yaml'), 'a: 1\n');
  run('add', 'a.yaml');
  run('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a');
  const script = path.join(folder, 'run.sh');
  fs.writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.pager', 'diff.external', 'filter.x.smudge']) {
    run('config', key, script);
  }
  run('config', 'remote.origin.url', `ext::${script}`);
  run('config', 'protocol.ext.allow', 'always');
  run('config', 'remote.origin.promisor', 'true');
  const blob = execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD:a.yaml'], { encoding: 'utf8' }).trim();
  fs.rmSync(path.join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  const { signal } = new AbortController();
  await git(folder, ['ls-tree', '-r', '-z', 'HEAD'], { signal });
  await git(folder, ['cat-file', '--batch'], { signal, input: `${blob}\n` });
  expect(fs.existsSync(mark)).toBe(false);
  fs.rmSync(folder, { recursive: true });
});

it('no setting names a program', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  const settings = Object.keys(manifest.contributes.configuration.properties);
  expect(settings.filter((name) => /path|command|executable|args|\benv\b|runtime/i.test(name))).toEqual([]);
});

describe('commands', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { commands, menus, keybindings = [] } = manifest.contributes;
  const source = fs.readFileSync(path.join(root, 'client/commands/registerCommands.ts'), 'utf8');
  const registered = (table: string) => {
    const [, body = ''] = new RegExp(`const ${table}: Commands = \\{([^}]*)\\}`).exec(source) ?? [];
    return [...body.matchAll(/^ {2}'(strata\.[\w.]+)':/gm)].flatMap(([, id]) => id ?? []);
  };

  it('that may be run in a folder that nobody trusts are known: they read, or open something of our own', () => {
    expect(registered('everywhere').sort()).toEqual(
      [
        ...['selectContext', 'openEffectiveConfig', 'compareEnvironments', 'compareWithHead'],
        ...['effectiveConfig.filter', 'effectiveConfig.clearFilter', 'effectiveConfig.onlyDifferences'],
        ...['effectiveConfig.onlyLayer', 'explainSetting', 'copySettingPath', 'copyEffectiveValue'],
        ...['newLayer', 'showLayerMap', 'openExample', 'walkthrough.hover', 'restartServer', 'showLog'],
        ...['showDocumentation', 'explainSteps'],
      ]
        .map((name) => `strata.${name}`)
        .sort(),
    );
  });

  it('that are offered are all registered, as one kind or the other', () => {
    const offered = commands.map(({ command }: { command: string }) => command);
    expect([...registered('everywhere'), ...registered('whereTrusted')].sort()).toEqual(offered.sort());
  });

  it('that need trust are offered nowhere without it', () => {
    interface Entry {
      command: string;
      when?: string;
    }
    const wanting = registered('whereTrusted');
    expect(wanting.length).toBeGreaterThan(20);
    const places: Entry[] = [...Object.values(menus as Record<string, Entry[]>).flat(), ...keybindings];
    const open = places.filter((one) => wanting.includes(one.command));
    const isAsked = ({ when = '' }: Entry) => /\bisWorkspaceTrusted\b/.test(when) && !when.includes('||');
    expect(open.filter((one) => !isAsked(one))).toEqual([]);
    const inPalette = new Set(menus.commandPalette.map(({ command }: Entry) => command));
    expect(wanting.filter((id) => !inPalette.has(id))).toEqual([]);
  });

  it('cannot be run by addresses from outside', () => {
    expect(manifest.activationEvents.filter((one: string) => one.startsWith('onUri'))).toEqual([]);
    expect(sources.filter((file) => fs.readFileSync(file, 'utf8').includes('registerUriHandler'))).toEqual(
      [],
    );
  });
});
