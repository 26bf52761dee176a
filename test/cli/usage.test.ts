import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');
const commands = [
  'render',
  'explain',
  'lint',
  'build',
  'artifacts',
  'keys',
  'boxes',
  'balancers',
  'deploy',
  'rollback',
  'status',
  'logs',
  'lsp',
  'completion',
];
const verbs = ['list', 'versions', 'show', 'upload', 'download', 'delete', 'promote', 'gc', 'verify'];

describe.concurrent('strata', () => {
  it('tells its version', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(await strata(['--version'], { cwd: root })).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('has help on itself that names every command', async () => {
    const { code, stdout } = await strata(['--help'], { cwd: root });
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(commands)('has help on %s', async (command) => {
    const { code, stdout, stderr } = await strata([command, '--help'], { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: strata ${command} `);
    const undescribed = stdout.split('\n').filter((line) => /^ {2}-\S.*>$/.test(line));
    expect(undescribed).toEqual([]);
  });

  it.each([
    ...verbs.map((verb) => ['artifacts', verb]),
    ...['new', 'trust', 'list'].map((verb) => ['keys', verb]),
    ...['list', 'check'].map((verb) => ['boxes', verb]),
    ...['status', 'out', 'in'].map((verb) => ['balancers', verb]),
  ])('has help on %s %s', async (group, verb) => {
    const { code, stdout, stderr } = await strata([group, verb, '--help'], { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: strata ${group} ${verb} `);
  });

  it.each([
    [[], 'Usage: strata'],
    [['artifacts'], 'Usage: strata artifacts'],
    [['artifacts', 'lsit'], "unknown command 'lsit'\n(Did you mean list?)"],
    [['artifacts', 'delete', 'shop'], "missing required argument 'version'"],
    [['artifacts', 'promote', 'shop'], "required option '--to <channel>' not specified"],
    [['artifacts', 'gc', '--max-versions', '0'], 'it must be a whole number, 1 or more'],
    [['artifacts', 'upload', 'shop', 'f', '-m', 'x'], '--meta x: write KEY=VALUE'],
    [['balancers', 'out'], 'name the boxes: strata balancers out BOX...'],
    [['keys', 'new'], "missing required argument 'name'"],
    [['rendr'], "unknown command 'rendr'\n(Did you mean render?)"],
    [['render'], "missing required argument 'app'"],
    [['render', 'shop'], "missing required argument 'environment'"],
    [['render', 'shop', 'qa', 'more'], 'too many arguments'],
    [['render', 'shop', 'qa', '--pulbic'], "unknown option '--pulbic'\n(Did you mean --public?)"],
    [['render', 'shop', 'qa', '--format', 'xml'], 'Allowed choices are json, yaml'],
    [['render', 'shop', 'qa', '-d'], "'-d, --configs-dir <dir>' argument missing"],
    [['explain'], 'name a setting, or an app with --steps'],
    [['lint', '--bogus'], "unknown option '--bogus'"],
    [['completion', 'tcsh'], 'no completion for tcsh; there is: bash, zsh, fish'],
  ])('called with %j says what is wrong and exits with 2', async (args, message) => {
    const { code, stdout, stderr } = await strata(args, { cwd: root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

const script = async (shell: string) => (await strata(['completion', shell], { cwd: root })).stdout;

describe.concurrent('strata completion bash', () => {
  /** What bash offers when Tab is pressed behind the words. */
  async function offered(words: string[], cwd = root): Promise<string[]> {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _strata; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run('bash', ['--norc'], { cwd }, `${await script('bash')}\n${ask}\n`);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('offers commands', async () => {
    expect(await offered(['strata', ''])).toEqual([...commands, '--help', '--version']);
    expect(await offered(['strata', 're'])).toEqual(['render']);
  });

  it('offers the options of a command', async () => {
    expect(await offered(['strata', 'lint', '--'])).toEqual([
      '--directory',
      '--json',
      '--sarif',
      '--max-warnings',
      '--help',
    ]);
    expect(await offered(['strata', 'render', 'shop', 'qa', '--p'])).toEqual(['--public']);
    expect(await offered(['strata', 'render', '--a'])).toEqual(['--app-dir', '--all']);
  });

  it('offers the commands of a command, and their options', async () => {
    expect(await offered(['strata', 'artifacts', ''])).toEqual([...verbs, '--help']);
    expect(await offered(['strata', 'keys', 'n'])).toEqual(['new']);
    expect(await offered(['strata', 'keys', 'trust', '--'])).toEqual([
      '--name',
      '--app',
      '--channel',
      '--help',
    ]);
    expect(await offered(['strata', 'artifacts', 'gc', '--max'])).toEqual(['--max-versions']);
    expect(await offered(['strata', 'logs', '--st'])).toEqual(['--stage', '--stream']);
  });

  it('offers files where an option takes one', async () => {
    const cwd = writeFiles('//- /configs/common.yaml\n//- /file\n');
    const found = await offered(['strata', 'artifacts', 'gc', '--in-use', ''], cwd);
    expect(found.sort()).toEqual(['configs', 'file']);
  });

  it('offers folders where an option takes one', async () => {
    const cwd = writeFiles('//- /configs/common.yaml\n//- /file\n');
    expect(await offered(['strata', 'render', '-d', ''], cwd)).toEqual(['configs']);
    expect(await offered(['strata', 'lint', '--directory', ''], cwd)).toEqual(['configs']);
  });

  it('is registered for the command', async () => {
    const { stdout } = await run(
      'bash',
      ['--norc'],
      { cwd: root },
      `${await script('bash')}\ncomplete -p strata`,
    );
    expect(stdout).toBe('complete -F _strata strata\n');
  });
});

describe.each(['zsh', 'fish'])('strata completion %s', (shell) => {
  it('names every command', async () => {
    const text = await script(shell);
    for (const command of commands) expect(text).toContain(command);
  });

  it('is right in its syntax', async ({ skip }) => {
    const missing = spawnSync(shell, ['--version']).error !== undefined;
    if (missing) skip(`${shell} is not installed here`);
    const { code, stderr } = await run(shell, ['-n'], { cwd: root }, await script(shell));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
