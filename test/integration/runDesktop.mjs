// Runs the suite in the desktop VS Code, which is downloaded into .vscode-test/ (npm run test:desktop).
//   node test/integration/runDesktop.mjs [VERSION]      stable by default; or the program named in STRATA_VSCODE
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, PlainError, runMain, withProgress } from '../../scripts/lib/log.mjs';
import { root, runFolder } from '../../scripts/lib/paths.mjs';
import { exitCode } from '../../scripts/lib/process.mjs';
import { ensureDependencies, projectNode, toolEnvironment } from '../../scripts/setup.mjs';

await runMain(async () => {
  await ensureDependencies();
  const build = await exitCode(projectNode(), [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    env: toolEnvironment(),
  });
  if (build !== 0) return build;
  const { buildSuite } = await import('./build.mjs');
  const entry = await buildSuite();
  const program = process.env.STRATA_VSCODE || (await download(process.argv[2] ?? 'stable'));
  return await runInDesktop(program, entry);
});

/** @param {string} version */
async function download(version) {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    return await withProgress(`VS Code ${version} is downloaded`, () => downloadAndUnzipVSCode(version));
  } catch (error) {
    throw new PlainError(
      `VS Code could not be downloaded: ${messageOf(error)}\n` +
        'Name an installed one in STRATA_VSCODE, or run the suite in the VS Code host:\n\n' +
        '  npm test -- --only integration\n',
    );
  }
}

/**
 * @param {string} program
 * @param {string} entry
 */
async function runInDesktop(program, entry) {
  const { runTests, TestRunFailedError } = await import('@vscode/test-electron');
  const { showResult } = await import('./result.mjs');
  const run = runFolder();
  const workspace = join(run.dir, 'workspace');
  cpSync(join(root, 'examples', 'shop'), workspace, { recursive: true });
  const result = join(root, 'out', 'results', 'desktop.json');
  mkdirSync(join(root, 'out', 'results'), { recursive: true });
  rmSync(result, { force: true });
  let code = 0;
  try {
    code = await runTests({
      vscodeExecutablePath: program,
      extensionDevelopmentPath: root,
      extensionTestsPath: entry,
      extensionTestsEnv: { STRATA_TEST_RESULT: result, STRATA_EXTENSION_UNDER_TEST: root },
      launchArgs: [
        ...[workspace, '--disable-extensions', '--disable-workspace-trust'],
        // A profile of the run's own: nothing of the person's is read or changed.
        ...['--user-data-dir', join(run.dir, 'u')],
      ],
    });
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    code = error.code ?? 1;
  } finally {
    run.remove();
  }
  return showResult(result, code) ? 0 : 1;
}
