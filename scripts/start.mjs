// npm start: builds Strata and opens a copy of the example workspace with it, with two agents of this machine behind it.
//   npm start                  in the desktop VS Code where `code` is on PATH, else as below
//   npm start -- --browser     in the VS Code host, for any browser on this machine
//   npm start -- --smoke       without a person, in the VS Code host: hovers a setting, and compares with what the command says;
//                              then builds, deploys to both agents, follows their logs and rolls back, as a person does
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError, runMain, withProgress } from './lib/log.mjs';
import { npm } from './lib/npm.mjs';
import { root, runFolder } from './lib/paths.mjs';
import { exitCode } from './lib/process.mjs';
import { atShutdown } from './lib/shutdown.mjs';
import { ensureDependencies, findCommand, projectNode, toolEnvironment } from './setup.mjs';
import { hostUnsupported } from './vscode-host/install.mjs';

const VSIX = join(root, 'dist', 'strata.vsix');

const THINGS_TO_TRY = `
Things to try:
  1. Open configs/common.yaml and point at "host" under "db": its value in every environment, and the layer
     that each comes from.
  2. Ctrl+click that "host" (Cmd+click on macOS): the layers that set it, the one that wins first.
  3. Click the app and environment at the bottom left and pick others: problems and hovers follow.
  4. "Strata: Build…" (F1), and then "Strata: Deploy…": the boxes qa1 and qa2 are agents of this machine.
  5. "Get Started with Strata" (Help: Welcome) is a tour of all of it.
`;

await runMain(async () => {
  const { values: options } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      smoke: { type: 'boolean', default: false },
    },
  });
  await ensureDependencies();
  await withProgress('build', build);
  const { exampleWithBoxes } = await import('./exampleBoxes.mjs');
  const run = runFolder();
  try {
    const example = await withProgress('the example and its boxes', () => exampleWithBoxes(run.dir));
    if (example.missing) console.log(`There are no boxes behind the example: ${example.missing}.`);
    try {
      if (options.smoke) return await smoke(example);
      if (!options.browser && (await openOnDesktop(example.workspace))) return await untilCtrlC();
      return await openInHost(example.workspace, Number(options.port));
    } finally {
      await example.stop();
    }
  } finally {
    run.remove();
  }
});

async function build() {
  const code = await exitCode(projectNode(), [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    env: toolEnvironment(),
  });
  if (code !== 0) throw new PlainError('The build failed: see its messages above.');
}

// What follows needs npm packages, so it is imported after they are installed.

/** @param {Awaited<ReturnType<typeof import('./exampleBoxes.mjs').exampleWithBoxes>>} example */
async function smoke(example) {
  await withProgress('package', () => npm(root, ['run', 'package']));
  const { smokeTest } = await import('./vscode-host/smoke.mjs');
  return (await smokeTest(example, VSIX)) ? 0 : 1;
}

/**
 * The boxes are there for as long as this process is: the shutdown ends it.
 * @returns {Promise<number>}
 */
function untilCtrlC() {
  console.log('The boxes qa1 and qa2 run until Ctrl+C.');
  return new Promise((resolve) => atShutdown(() => resolve(0)));
}

/** @param {string} workspace */
async function openOnDesktop(workspace) {
  const windows = process.platform === 'win32';
  if (!findCommand([windows ? 'code.cmd' : 'code'])) return false;
  console.log('Opening the example workspace in VS Code.');
  const args = [`--extensionDevelopmentPath=${root}`, workspace];
  const code = windows ? await exitCode('cmd', ['/c', 'code', ...args]) : await exitCode('code', args);
  if (code === 0) console.log(THINGS_TO_TRY);
  else console.log(`\`code\` ended with ${code}: opening it in a browser instead.`);
  return code === 0;
}

/**
 * @param {string} workspace
 * @param {number} port
 * @returns {Promise<number>}
 */
async function openInHost(workspace, port) {
  const unsupported = hostUnsupported();
  if (unsupported) {
    throw new PlainError(
      'There is no `code` command on PATH. In VS Code, run "Shell Command: Install \'code\' command in PATH", then ' +
        `try again. (It cannot be shown in a browser: ${unsupported}.)`,
    );
  }
  await withProgress('package', () => npm(root, ['run', 'package']));
  const { startHost, workbenchUrl } = await import('./vscode-host/host.mjs');
  const host = await withProgress('VS Code starts', () =>
    startHost({ vsix: VSIX, keepsRunning: true, port }),
  );
  console.log(`\nThe example workspace is open at\n\n  ${workbenchUrl(host, workspace)}\n${THINGS_TO_TRY}`);
  console.log('Ctrl+C ends it.');
  let asked = false;
  atShutdown(() => {
    asked = true;
  });
  const code = await host.exited;
  // Ended as it was asked to: the shutdown ends this process as well, once all is put away.
  if (asked) return new Promise(() => {});
  await host.stop();
  throw new PlainError(`VS Code ended by itself with ${code}.\n${host.log()}`);
}
