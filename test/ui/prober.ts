// Another extension, which runs the commands of Strata however they are hidden: by its own code, and by a key.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';

export const proberKey = 'Control+Alt+Shift+D';

const source = `
const fs = require('node:fs');
const vscode = require('vscode');
exports.activate = ({ subscriptions, extension }) => {
  const run = async () => {
    const { ids, result } = extension.packageJSON;
    const known = await vscode.commands.getCommands(true);
    const told = {};
    for (const id of ids) {
      told[id] = known.includes(id) ? String(await vscode.commands.executeCommand(id)) : 'not there';
    }
    fs.writeFileSync(result, JSON.stringify(told));
  };
  subscriptions.push(vscode.commands.registerCommand('prober.run', run));
};
`;

/**
 * Makes its package. "Prober: Run" runs the commands; what each has given lands in a file.
 * @param folder a folder that goes away.
 */
export async function proberExtension(
  folder: string,
  ids: readonly string[],
  result: string,
): Promise<string> {
  const cwd = join(folder, 'prober');
  mkdirSync(cwd);
  const manifest = {
    ...{ name: 'prober', publisher: 'strata-tests', version: '1.0.0', engines: { vscode: '^1.100.0' } },
    ...{ main: './extension.js', extensionDependencies: ['strata.strata'], ids, result },
    capabilities: { untrustedWorkspaces: { supported: true } },
    contributes: {
      commands: [{ command: 'prober.run', title: 'Run', category: 'Prober' }],
      keybindings: [{ command: 'strata.deploy', key: 'ctrl+alt+shift+d' }],
    },
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(cwd, 'extension.js'), source);
  writeFileSync(join(cwd, 'README.md'), 'Runs commands of another extension.\n');
  const packagePath = join(folder, 'prober.vsix');
  await createVSIX({
    cwd,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}

export const proberAnswers = (result: string): Record<string, string> =>
  JSON.parse(readFileSync(result, 'utf8'));
