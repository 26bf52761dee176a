import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a virtualenv work wherever it lies: its scripts find the Python beside them, and nothing in it names the place where
 * it was made.
 */
export function makeRelocatable(virtualenv: string): void {
  const bin = path.join(virtualenv, 'bin');
  for (const name of fs.readdirSync(bin)) {
    const file = path.join(bin, name);
    if (/^activate\.(csh|fish)$/.test(name) || /\.ps1$/i.test(name)) fs.rmSync(file);
    else if (/^python[\d.]*$/.test(name)) oneBinary(bin, name);
    else if (fs.lstatSync(file).isFile()) relocateScript(file, virtualenv);
  }
  const config = path.join(virtualenv, 'pyvenv.cfg');
  const lines = fs.readFileSync(config, 'utf8').split('\n');
  fs.writeFileSync(config, lines.filter((line) => !/^command\s*=/.test(line)).join('\n'));
}

/** Lets a virtualenv from elsewhere run on this machine's Python. @param home the folder of that Python. */
export function settle(virtualenv: string, home: string): void {
  const config = path.join(virtualenv, 'pyvenv.cfg');
  const text = fs.readFileSync(config, 'utf8');
  fs.writeFileSync(
    config,
    text.replace(/^home\s*=.*$/m, () => `home = ${home}`),
  );
}

/** The copies of the interpreter that a virtualenv has under several names become links to one. */
function oneBinary(bin: string, name: string): void {
  const file = path.join(bin, name);
  if (name === 'python3' || !fs.existsSync(path.join(bin, 'python3'))) return;
  fs.rmSync(file);
  fs.symlinkSync('python3', file);
}

/** The first line of a script becomes one that a shell and Python read differently: the shell runs the Python beside it. */
function relocateScript(file: string, virtualenv: string): void {
  const bytes = fs.readFileSync(file);
  const text = bytes.toString('utf8');
  // A compiled program is left as it is.
  if (!Buffer.from(text).equals(bytes)) return;
  const changed =
    path.basename(file) === 'activate' ? relocateActivate(text, virtualenv) : relocateStart(text, virtualenv);
  if (changed !== text) fs.writeFileSync(file, changed);
}

const relativeStart = `#!/bin/sh
'''exec' "$(dirname -- "$(realpath -- "$0")")"/python3 "$0" "$@"
' '''
`;

function relocateStart(text: string, virtualenv: string): string {
  const place = escaped(virtualenv);
  const plain = new RegExp(`^#!["']?${place}/bin/python[\\d.]*["']?[^\\n]*\\n`);
  // What pip writes where the path is too long for a first line, or has a blank in it.
  const long = new RegExp(`^#!/bin/sh\\n'''exec' ["']?${place}/bin/python[^\\n]*\\n' '''\\n`);
  return text.replace(plain, () => relativeStart).replace(long, () => relativeStart);
}

function relocateActivate(text: string, virtualenv: string): string {
  const here = '"$(cd "$(dirname "$' + '{BASH_SOURCE:-$0}")/.." && pwd)"';
  return text.replace(new RegExp(`["']?${escaped(virtualenv)}["']?(?=\\s|$)`, 'gm'), () => here);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
